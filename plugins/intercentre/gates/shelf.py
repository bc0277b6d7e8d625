"""Where the evidence of the gates lies, and what of it there is."""

from __future__ import annotations

from pathlib import Path

from intercentre.core.hub import Hub
from intercentre.core.passage import gate_folder
from intercentre.gates.documents import PAGE_NAME, GateRecord, read_record
from schemas.gates import Gate
from schemas.period import Period


def find_page(hub: Hub, periode: Period | str, porte: Gate) -> Path | None:
    """The page for DISCRI; None while the period has not come to the gate."""
    path = gate_folder(hub, periode, porte) / PAGE_NAME
    return path if path.is_file() else None


def list_records(hub: Hub) -> list[GateRecord]:
    """What was said at each gate, the latest period first, in the order of the gates."""
    root = hub.home.root / "z1" / "portes"
    periods = sorted((path.name for path in root.glob("[0-9]*") if path.is_dir()), reverse=True)
    records = (read_record(root / period / porte.value) for period in periods for porte in Gate)
    return [record for record in records if record is not None]
