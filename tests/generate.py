"""Write docs/generated, schemas/generated and the ledger of versions anew: the body of `make docs`."""

from __future__ import annotations

import sys
from pathlib import Path

from intercentre.documentation import generated_pages, generated_schemas
from schemas.description import describe_contract, description_path, description_text, known_versions, read_description
from schemas.indicators import definitions
from schemas.indicators.versions import LEDGER, follow, ledger_text, read_ledger
from schemas.versions import compare_contracts, required_version
from tests.indicators.shown_examples import worked_examples
from tests.rules.row_examples import shown_examples

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "generated"
SCHEMAS = ROOT / "schemas" / "generated"


def main() -> int:
    if not _keep_description():
        return 1
    texts = {PAGES / name: text for name, text in generated_pages(shown_examples(), worked_examples()).items()}
    texts |= {SCHEMAS / name: text for name, text in generated_schemas().items()}
    ledger = read_ledger(LEDGER.read_text(encoding="utf-8"))
    texts |= {LEDGER: ledger_text(follow(ledger, definitions().values()))}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


def _keep_description() -> bool:
    """The contract of this version is described, once; False when the classes have left what was described."""
    now = describe_contract()
    version = now["version"]
    if version not in known_versions():
        SCHEMAS.mkdir(parents=True, exist_ok=True)
        description_path(version).write_text(description_text(now), encoding="utf-8")
        return True
    changes = compare_contracts(read_description(version), now)
    for change in changes:
        print(f"{change.level} : {change.place} : {change.text}", file=sys.stderr)
    if changes:
        due = required_version(version, changes)
        print(f"The contract changed: set VERSION_CONTRAT to {due}, then run `make docs` again.", file=sys.stderr)
    return not changes


if __name__ == "__main__":
    sys.exit(main())
