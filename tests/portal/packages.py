"""Real deposits for the portal's tests: made by the simulation, spoilt by hand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from intercentre.simulation import simulate
from schemas.period import Period

MANIFEST = "manifeste.json"


def simulated(folder: Path, *centres: str) -> dict[str, Path]:
    """Centre → folder of its deposit of 2026-T3, canonical CSV without any mistake."""
    simulate(
        folder,
        dossiers=400,
        periode=Period(2026, 3),
        graine=11,
        centres=centres,
        habitudes="canonique",
        progress=lambda _: None,
    )
    return {centre: folder / centre / "2026-T3" for centre in centres}


def zipped(folder: Path, *, replaced: dict[str, bytes] | None = None, without: tuple[str, ...] = ()) -> bytes:
    """The folder as a ZIP, some of its files replaced or left out."""
    content = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name not in without}
    content |= replaced or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def with_one_wrong_sex(folder: Path) -> bytes:
    """The deposit with a code of no list in the column `sexe` of line 3 of dossier.csv, and no manifest to say so."""
    lines = (folder / "dossier.csv").read_text(encoding="utf-8").splitlines()
    cells = lines[2].split(";")
    cells[lines[0].split(";").index("sexe")] = "Z"
    lines[2] = ";".join(cells)
    spoilt = ("\n".join(lines) + "\n").encode()
    return zipped(folder, replaced={"dossier.csv": spoilt}, without=(MANIFEST,))
