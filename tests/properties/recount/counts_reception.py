"""What communes signal, the reception module and its interpreters, the acts of the obligation."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.properties.recount.counts_dossiers import opened
from tests.properties.recount.figures import Figure, Recount, cohort, middle, number, share
from tests.properties.recount.lives import Event, Lives, Period

_LISTS = Path(__file__).parents[3] / "schemas" / "nomenclatures"
MODULE = ("INFO_DROITS_DEVOIRS", "BILAN_SOCIAL", "TEST_POSITIONNEMENT")
EXEMPTIONS = ("DISPENSE_MEDICALE", "DISPENSE_AUTRE")
REMINDERS = ("RAPPEL", "MISE_EN_DEMEURE", "TRANSMISSION_SANCTIONNATEUR", "AMENDE_NOTIFIEE", "RECOURS")
OTHERS = "AUTRES"


def rows_of_months(lives: Lives, table: str, period: Period) -> list[dict[str, Any]]:
    return [row for row in lives.rows(table) if row["mois"] in period.months]


def count_i05(lives: Lives, period: Period) -> Figure:
    rows = rows_of_months(lives, "flux_commune", period)
    return share(sum(row["inscrits_au_centre"] for row in rows), sum(row["signales_par_commune"] for row in rows))


@cache
def _read(name: str) -> list[dict[str, str]]:
    with (_LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@cache
def present_commune(code: str) -> str:
    """The commune of today that a former one went into."""
    following = next((row["remplace_par"] for row in _read("commune") if row["code"] == code), "")
    return present_commune(following) if following else code


@cache
def communes_of(centre: str, day: date) -> set[str]:
    """The communes of a centre's territory on the day."""
    text = day.isoformat()
    return {
        row["commune_refnis"]
        for row in _read("ressort")
        if row["centre_code"] == centre
        and row["valide_du"] <= text <= (row["valide_au"] or text)
        and present_commune(row["commune_refnis"]) == row["commune_refnis"]
    }


def count_i06(lives: Lives, period: Period) -> Figure:
    territory = {(centre, commune) for centre in lives.centres for commune in communes_of(centre, lives.fin)}
    signalling = {
        (row["centre"], present_commune(row["commune_refnis"]))
        for row in rows_of_months(lives, "flux_commune", period)
        if row["signales_par_commune"] > 0
    }
    return share(len(territory - signalling), len(territory))


def count_i08(lives: Lives, period: Period) -> Figure:
    waits = []
    for one in lives.dossiers:
        contact = one.day("PREMIER_CONTACT")
        reviews = [step.jour for step in one.of("ETAPE") if step.detail == "BILAN_SOCIAL"]
        if contact and reviews and period.holds(min(reviews)):
            waits.append((min(reviews) - contact).days)
    return middle(wait for wait in waits if wait >= 0)


def count_i09(lives: Lives, period: Period) -> Figure:
    complete = observed = 0
    for one in opened(lives, period):
        limit = one.ouverture + timedelta(days=90)
        if limit <= lives.fin and not one.came_by_transfer:
            done = {step.detail for step in one.of("ETAPE") if step.jour <= limit}
            observed += 1
            complete += done >= set(MODULE)
    return cohort(complete, observed)


def acts(lives: Lives, period: Period, kinds: tuple[str, ...]) -> Counter[str]:
    """Kind of act → acts of the year."""
    found: Counter[str] = Counter()
    for row in lives.rows("agg_obligation"):
        if row["type"] in kinds and row["trimestre"][:4] == period.name:
            found[row["type"]] += int(row["nombre"])
    return found


def count_i27(lives: Lives, period: Period) -> Figure:
    return number(acts(lives, period, EXEMPTIONS).total())


def count_i29(lives: Lives, period: Period) -> Figure:
    return number(acts(lives, period, REMINDERS).total())


def steps(lives: Lives, period: Period) -> list[Event]:
    return [step for one in lives.dossiers for step in one.of("ETAPE") if period.holds(step.jour)]


def count_i30(lives: Lives, period: Period) -> Figure:
    held = steps(lives, period)
    return share(sum("langue_interpretee" in step.attributs for step in held), len(held))


def requests(lives: Lives, period: Period) -> dict[tuple[str, str], tuple[float, float]]:
    """(centre, language) → requests of the quarter, and those of them that nobody could answer."""
    asked: Counter[tuple[str, str]] = Counter()
    answered: Counter[tuple[str, str]] = Counter()
    for row in rows_of_months(lives, "interpretariat", period):
        asked[row["centre"], row["langue"]] += row["demandes"]
        answered[row["centre"], row["langue"]] += row["honorees"]
    return {key: (asked[key], max(0, asked[key] - answered[key])) for key in asked}


def count_i31(lives: Lives, period: Period) -> Figure:
    found = requests(lives, period).values()
    return share(sum(unanswered for _, unanswered in found), sum(asked for asked, _ in found))


RECOUNTS = {
    "I05": Recount(count_i05, "TA", tables=("flux_commune",)),
    "I06": Recount(count_i06, "T", tables=("flux_commune",)),
    "I08": Recount(count_i08, "T"),
    "I09": Recount(count_i09, "TA", by_sex=True),
    "I27": Recount(count_i27, "A", tables=("agg_obligation",)),
    "I29": Recount(count_i29, "A", tables=("agg_obligation",)),
    "I30": Recount(count_i30, "T"),
    "I31": Recount(count_i31, "T", tables=("interpretariat",)),
}
