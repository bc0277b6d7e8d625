"""What protection says of itself beside the figures: protection.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from intercentre.disclosure.suppression import Thresholds
from schemas.period import Period

METHOD = "suppression primaire par seuils"
COMPLEMENTARY = "non appliquée"
DIFFUSION = "restreinte"
WARNING = (
    "La protection complémentaire n'est pas encore appliquée : un chiffre masqué peut parfois être retrouvé par "
    "différence entre un total et ses parts. Ces chiffres ne peuvent être ni publiés ni transmis au-delà des "
    "destinataires convenus."
)


def statement(periode: Period, thresholds: Thresholds, counts: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    """The statement as one JSON object; `counts` is indicator → cells in all (`cellules`) and withheld (`masquees`)."""
    return {
        "periode": str(periode),
        "methode": METHOD,
        "seuils": asdict(thresholds),
        "symbole": "masque",
        "comptes": {
            "cellules": sum(one["cellules"] for one in counts.values()),
            "masquees": sum(one["masquees"] for one in counts.values()),
            "par_indicateur": {code: dict(one) for code, one in sorted(counts.items())},
        },
        "complementaire": COMPLEMENTARY,
        "diffusion": DIFFUSION,
        "avertissement": WARNING,
    }


def as_text(content: Mapping[str, Any]) -> str:
    """The statement as it is written: sorted keys, one final line end."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
