"""Put every version of an indicator that is in the making in use: `python -m tests.register_versions 2026-12-01`.

From that day on its line in schemas/indicators/versions.csv never changes: another meaning needs another version.
"""

from __future__ import annotations

import argparse
from datetime import date

from schemas.indicators import definitions
from schemas.indicators.versions import LEDGER, follow, ledger_text, put_in_use, read_ledger


def main(day: date) -> None:
    ledger = follow(read_ledger(LEDGER.read_text(encoding="utf-8")), definitions().values())
    LEDGER.write_text(ledger_text(put_in_use(ledger, day)), encoding="utf-8")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("day", type=date.fromisoformat, help="since which day they are in use, as 2026-12-01")
    main(asked.parse_args().day)
