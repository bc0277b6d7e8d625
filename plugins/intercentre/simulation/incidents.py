"""What can go wrong at a centre, on demand.

| incident | the centre                                                             |
|----------|------------------------------------------------------------------------|
| lent     | sends a small piece at a time, with pauses                             |
| 503      | says that it is unavailable                                            |
| coupe    | breaks the connection in the middle of the file                        |
| html     | answers 200 with a login page                                          |
| vide     | answers 200 with an empty file                                         |
| 401      | refuses every token                                                    |
| absent   | closes the connection without an answer (or is given no token at all)  |

`503x2`, `coupex1`…: as many times, then all is well.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

Kind = Literal["lent", "503", "coupe", "html", "vide", "401", "absent"]
_WRITTEN = re.compile(rf"({'|'.join(get_args(Kind))})(?:x([1-9]\d{{0,3}}))?")


@dataclass(frozen=True)
class Incident:
    """One kind of failure; `fois` how often it still happens, None for always."""

    kind: Kind
    fois: int | None = None


def read_incident(text: str) -> Incident:
    """The incident that `text` names; raises ValueError, in French, for anything else."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"Incident inconnu. Attendu : {', '.join(get_args(Kind))}, ou suivi d'un nombre (503x2).")
    return Incident(cast(Kind, match[1]), int(match[2]) if match[2] else None)


class Incidents:
    """What goes wrong where, and how often still; safe between threads."""

    def __init__(self, incidents: Mapping[str, str]) -> None:
        self._lock = threading.Lock()
        self._by_centre = {centre: read_incident(text) for centre, text in incidents.items()}
        self.stopping = threading.Event()

    def set(self, centre: str, text: str) -> None:
        incident = read_incident(text)
        with self._lock:
            self._by_centre[centre] = incident

    def clear(self, centre: str) -> None:
        with self._lock:
            self._by_centre.pop(centre, None)

    def next(self, centre: str) -> Incident | None:
        """What goes wrong with this request, counted down."""
        with self._lock:
            incident = self._by_centre.get(centre)
            if incident is None or incident.fois == 0:
                return None
            if incident.fois is not None:
                self._by_centre[centre] = Incident(incident.kind, incident.fois - 1)
            return incident

    def stop(self) -> None:
        """Slow answers end at once."""
        self.stopping.set()
