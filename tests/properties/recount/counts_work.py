"""I39 to I50 and I63: communes, local initiatives, the plan, the meetings, the activities, the trainings, the staff."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from tests.properties.recount.counts_offer import Row, day, is_open_on
from tests.properties.recount.lives import Lives, Period
from tests.properties.recount.parts import Part, Recipe, added, shared
from tests.properties.recount.places import atlas_on


def communes_under_convention(lives: Lives, period: Period) -> Iterator[Part]:
    signed = {
        (row["centre"], atlas_on(lives.fin).today(row["commune_refnis"]))
        for row in lives.rows("partenariat")
        if row["objet"] == "CONVENTION_COMMUNE" and row["formalise"] == "true" and runs_on(row, period.last)
    }
    return communes_of(lives, signed)


def communes_with_an_activity(lives: Lives, period: Period) -> Iterator[Part]:
    reached = {
        (row["centre"], atlas_on(lives.fin).today(row["commune_refnis"]))
        for row in lives.rows("activite")
        if "commune_refnis" in row and period.holds(day(row, "date_debut"))
    }
    return communes_of(lives, reached)


def communes_of(lives: Lives, reached: set[tuple[str, str]]) -> Iterator[Part]:
    """Every commune of the centres' territories, and whether it is reached by its own centre."""
    for commune in atlas_on(lives.fin).communes.values():
        if commune.centre in lives.centres:
            yield Part(commune.centre, int((commune.centre, commune.code) in reached), 1)


def hours_per_local_initiative(lives: Lives, period: Period) -> Iterator[Part]:
    hours: Counter[tuple[str, str]] = Counter()
    for row in lives.rows("accompagnement_ili"):
        if period.holds(day(row, "date")):
            hours[row["centre"], row["operateur_id"]] += row["heures"]
    active = {
        (row["centre"], row["operateur_id"])
        for row in lives.rows("operateur")
        if row["type"] in ("ILI_AGREEE", "ILI_FACULTATIVE") and is_active(row, period)
    }
    for one in active | hours.keys():
        yield Part(one[0], hours[one], 1, classes={"accompagnement": "OUI" if one in hours else "NON"})


def organisations_per_meeting(lives: Lives, period: Period) -> Iterator[Part]:
    for row in lives.rows("plateforme_reunion"):
        if period.holds(day(row, "date")):
            yield Part(row["centre"], row["organisations_presentes"], 1, classes={"axe_pli": row["thematique"]})


def actions_done(lives: Lives, period: Period) -> Iterator[Part]:
    for row in lives.rows("pli_action"):
        if plan_runs(row, period) and day(row, "echeance") <= period.last:
            yield Part(row["centre"], int(row["statut"] == "REALISEE"), 1, classes={"axe_pli": row["axe"]})


def axes_covered(lives: Lives, period: Period) -> Iterator[Part]:
    states: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in lives.rows("pli_action"):
        if plan_runs(row, period):
            states[row["centre"], row["plan_id"], row["axe"]].add(row["statut"])
    for (centre, _, _), of_axis in states.items():
        yield Part(centre, int(not of_axis.isdisjoint({"EN_COURS", "REALISEE"})), 1)


def coordination(lives: Lives, period: Period) -> Iterator[Part]:
    for row in activities(lives, period, "3"):
        yield Part(row["centre"], 1, classes={"type_activite": row["type"]})


def participations(lives: Lives, period: Period) -> Iterator[Part]:
    for row in activities(lives, period, "4"):
        classes = {"type_activite": row["type"], "public_activite": row["public"]}
        yield Part(row["centre"], row["participants"], classes=classes)


def participations_of_women(lives: Lives, period: Period) -> Iterator[Part]:
    for row in activities(lives, period, "4"):
        if "participantes_f" in row:
            classes = {"type_activite": row["type"]}
            yield Part(row["centre"], row["participantes_f"], row["participants"], classes=classes)


def trained(lives: Lives, period: Period) -> Iterator[Part]:
    for row in trainings(lives, period):
        classes = {"type_formation": row["type"], "secteur": row["secteur_principal"]}
        yield Part(row["centre"], row["formes"], row["inscrits"], classes=classes)


def trained_for_citizenship(lives: Lives, period: Period) -> Iterator[Part]:
    return (one for one in trained(lives, period) if one.classes["type_formation"] == "CITOYENNETE_FORMATEURS")


def staff_per_hundred_dossiers(lives: Lives, period: Period) -> Iterator[Part]:
    """Staff as put right at the end of the year; dossiers in hand on the last day of each quarter."""
    ends = [date(period.first.year, month, last) for month, last in ((3, 31), (6, 30), (9, 30), (12, 31))]
    for row in lives.rows("ressources"):
        if row["fonction"] == "ACCUEIL_PARCOURS" and row["annee"] == period.first.year:
            own = [one for one in lives.dossiers if one.centre == row["centre"]]
            in_hand = sum(is_open_on(one, end) for end in ends for one in own)
            yield Part(row["centre"], row["etp"], in_hand / 4)


def activities(lives: Lives, period: Period, mission: str) -> Iterator[Row]:
    rows = lives.rows("activite")
    return (row for row in rows if row["mission"] == mission and period.holds(day(row, "date_debut")))


def trainings(lives: Lives, period: Period) -> Iterator[Row]:
    return (row for row in lives.rows("formation_pro") if period.holds(day(row, "date_fin")))


def runs_on(row: Row, last: date) -> bool:
    """The partnership has begun and is not over before the day."""
    return bool(row["date_debut"] <= last.isoformat() <= row.get("date_fin", "9999"))


def is_active(operator: Row, period: Period) -> bool:
    """Its approval covers a day of the period; without any approval, it is active on the last day known."""
    if "agrement_debut" not in operator and "agrement_fin" not in operator:
        return bool(operator["actif"] == "true")
    begins, ends = operator.get("agrement_debut", ""), operator.get("agrement_fin", "9999")
    return bool(begins <= period.last.isoformat() and ends >= period.first.isoformat())


def plan_runs(action: Row, period: Period) -> bool:
    """The plan of the action runs on at least one day of the period."""
    return day(action, "plan_debut") <= period.last and day(action, "plan_fin") >= period.first


RECIPES = {
    "I39": Recipe(communes_under_convention, shared(100), "A", ("partenariat",)),
    "I40": Recipe(
        hours_per_local_initiative,
        shared(1),
        "A",
        ("operateur", "accompagnement_ili"),
        dimensions=("accompagnement",),
    ),
    "I41": Recipe(organisations_per_meeting, shared(1), "A", ("plateforme_reunion",), dimensions=("axe_pli",)),
    "I42": Recipe(actions_done, shared(100), "A", ("pli_action",), dimensions=("axe_pli",)),
    "I43": Recipe(axes_covered, shared(100), "A", ("pli_action",)),
    "I44": Recipe(coordination, added, "A", ("activite",), dimensions=("type_activite",)),
    "I45": Recipe(participations, added, "A", ("activite",), dimensions=("type_activite", "public_activite")),
    "I46": Recipe(participations_of_women, shared(100), "A", ("activite",), dimensions=("type_activite",)),
    "I47": Recipe(communes_with_an_activity, shared(100), "A", ("activite",)),
    "I48": Recipe(trained, added, "A", ("formation_pro",), dimensions=("type_formation", "secteur")),
    "I49": Recipe(trained, shared(100), "A", ("formation_pro",), dimensions=("type_formation",)),
    "I50": Recipe(trained_for_citizenship, added, "A", ("formation_pro",)),
    "I63": Recipe(staff_per_hundred_dossiers, shared(100), "A", ("ressources",)),
}
