"""From figures to anomalies: pure, each worth a talk between the centres that it concerns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from intercentre.core.french import french_number
from schemas.anomalies import OPEN, anomaly_kinds
from schemas.indicators import definitions
from schemas.nomenclatures import nomenclature
from schemas.period import Period
from schemas.thresholds import threshold

_MAD_TO_SD = 1.4826  # of a normal law; Rousseeuw and Croux, JASA 88 (1993), 1273-1283
_NAMED = 12  # communes named in a sentence


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One anomaly; `centres` are those that it concerns, in the order of the codes."""

    code: str
    indicateur: str
    periode: str
    centres: tuple[str, ...]
    phrase: str
    suite: str
    etat: str = OPEN

    @property
    def anomalie_id(self) -> str:
        return "-".join((self.code, self.indicateur, self.periode, *self.centres))

    @property
    def sujet(self) -> str:
        """The question without its period, by which it is known when it comes back."""
        return "-".join((self.code, self.indicateur, *self.centres))


@dataclass(frozen=True, slots=True)
class Outlier:
    """A centre outside the 99.8 % limits; shares in percent."""

    indicateur: str
    periode: str
    centre: str
    valeur: float
    region: float
    bas: float
    haut: float


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a centre's series, quarters only; `denominateur` for a share alone."""

    indicateur: str
    centre: str
    periode: str
    valeur: float
    denominateur: float | None


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves between two centres whose sides do not agree, of all those between them."""

    centre: str
    autre: str
    sans_reponse: int
    total: int


@dataclass(frozen=True, slots=True)
class Silence:
    """The communes of a centre's territory that signal nobody, of all its communes."""

    centre: str
    communes: tuple[str, ...]
    total: int


def outside_funnel(found: Iterable[Outlier]) -> list[Anomaly]:
    """ANO-001: one anomaly for each centre outside the limits."""
    return [
        _anomaly(
            "ANO-001", one.indicateur, one.periode, (one.centre,), centre=_name(one.centre),
            valeur=_percent(one.valeur), region=_percent(one.region), bas=_percent(one.bas), haut=_percent(one.haut),
        )
        for one in found
    ]  # fmt: skip


def broken_series(points: Sequence[Point]) -> list[Anomaly]:
    """ANO-002: the last figure of a series is far from those of the quarters before.

    points  by indicator and centre, the earliest first; a series that does not reach the last quarter that any centre
            has for its indicator is left alone
    """
    last: dict[str, str] = {}
    for one in points:
        last[one.indicateur] = max(one.periode, last.get(one.indicateur, ""))
    least, most = int(threshold("ANOMALIE_TRIMESTRES_MIN")), int(threshold("ANOMALIE_TRIMESTRES_MAX"))
    anomalies = []
    for (code, centre), members in groupby(points, key=lambda one: (one.indicateur, one.centre)):
        *before, newest = members
        history = [one.valeur for one in before][-most:]
        if newest.periode != last[code] or len(history) < least:
            continue
        low, high = usual_range(history, newest.denominateur)
        if low <= newest.valeur <= high:
            continue
        write = _percent if newest.denominateur is not None else _whole
        anomalies.append(
            _anomaly(
                "ANO-002", code, newest.periode, (centre,), centre=_name(centre), valeur=write(newest.valeur),
                nombre=french_number(len(history)), bas=write(low), haut=write(high),
            )
        )  # fmt: skip
    return anomalies


def usual_range(history: Sequence[float], denominateur: float | None) -> tuple[float, float]:
    """What the figures of earlier quarters let expect: their median, give or take so many deviations.

    The deviation is the robust one of the series (MAD), and never less than that of chance: Poisson for a count,
    binomial at the size of the new figure for a share in percent.
    """
    centre = median(history)
    spread = _MAD_TO_SD * median(abs(value - centre) for value in history)
    share = denominateur is not None
    chance = math.sqrt(centre * (100 - centre) / denominateur) if denominateur else math.sqrt(centre)
    reach = float(threshold("ANOMALIE_ECARTS")) * max(spread, chance)
    return max(0.0, centre - reach), min(100.0, centre + reach) if share else centre + reach


def unanswered_moves(found: Iterable[Moves], periode: str) -> list[Anomaly]:
    """ANO-003: enough moves between two centres do not agree, and they are a large enough part.

    Fewer than the smallest count that may be shown say nothing: the sentence gives their number.
    """
    least, part = int(threshold("SECRET_EFFECTIF_MIN")), float(threshold("ANOMALIE_TRANSFERTS_PART_MAX"))
    anomalies = []
    for one in found:
        agreed = one.total - one.sans_reponse
        if one.sans_reponse < least or 0 < agreed < least or one.sans_reponse <= part * one.total:
            continue
        pair = (min(one.centre, one.autre), max(one.centre, one.autre))
        anomalies.append(
            _anomaly(
                "ANO-003", "I55", periode, pair, centre=_name(pair[0]), autre=_name(pair[1]),
                nombre=french_number(one.sans_reponse), total=french_number(one.total),
            )
        )  # fmt: skip
    return anomalies


def silent_communes(found: Iterable[Silence], periode: str) -> list[Anomaly]:
    """ANO-004: one anomaly for each centre some of whose communes signal nobody, unless it is one commune alone."""
    anomalies = []
    for one in found:
        if len(one.communes) < int(threshold("ANOMALIE_COMMUNES_MIN")):
            continue
        named = ", ".join(one.communes[:_NAMED])
        more = len(one.communes) - _NAMED
        anomalies.append(
            _anomaly(
                "ANO-004", "I06", periode, (one.centre,), centre=_name(one.centre),
                nombre=french_number(len(one.communes)), total=french_number(one.total),
                trimestres=french_number(int(threshold("ANOMALIE_COMMUNES_TRIMESTRES"))),
                communes=f"{named} et {more} autres" if more > 1 else f"{named} et une autre" if more == 1 else named,
            )
        )  # fmt: skip
    return anomalies


def _anomaly(code: str, indicateur: str, periode: str, centres: tuple[str, ...], **said: str) -> Anomaly:
    kind = anomaly_kinds()[code]
    named = f"{definitions()[indicateur].titre} ({indicateur})"
    phrase = kind.phrase.format(indicateur=named, periode=Period.parse(periode).libelle, **said)
    return Anomaly(code, indicateur, periode, centres, phrase, kind.suite)


def _name(centre: str) -> str:
    return nomenclature("centre").entries[centre].libelle


def _percent(value: float) -> str:
    return f"{french_number(value, 1)}\u00a0%"


def _whole(value: float) -> str:
    return french_number(round(value))
