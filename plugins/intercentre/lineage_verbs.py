"""`intercentre lignage`: from a published figure to what made it, as text or JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intercentre.commands import OK, UsageError, say, the_hub
from intercentre.parser import Verbs, verb

if TYPE_CHECKING:
    from intercentre.access.lineage import DepositBehind, Lineage

ACTOR = "commande"
_DECISIONS = {"accorde": "accordée", "rejete": "rejetée"}
_OPINIONS = {"approuve": "pour", "reserve": "avec réserve", "oppose": "contre"}


def lineage_verbs(verbs: Verbs) -> None:
    """What the help says of the verb."""
    one = verb(
        verbs,
        "lignage",
        show_lineage,
        "remonter d'un chiffre publié à sa définition, à la décision des centres et aux dépôts qui l'ont fait",
        "Un chiffre s'écrit INDICATEUR/PERIODE/TYPE/TERRITOIRE, et /DIMENSION/MODALITE pour une catégorie.\n"
        "Exemples : intercentre lignage I21/2026-T3/centre/CAI\n"
        "           intercentre lignage I21/2026-T3/region/RLF/sexe/F --format json",
    )
    one.add_argument("observation", metavar="CHIFFRE", help="le chiffre, par exemple I21/2026-T3/centre/CAI")
    where = one.add_mutually_exclusive_group()
    where.add_argument("--publication", default="", metavar="V", help="version de la publication (la dernière)")
    where.add_argument("--dossier", type=Path, metavar="DIR", help="dossier d'une publication, sans hub")
    one.add_argument(
        "--lignes",
        action="store_true",
        help="aussi les unités et les lignes des dépôts : au hub seulement, et inscrit au journal",
    )
    one.add_argument("--format", choices=("texte", "json"), default="texte", help="forme de la réponse (texte)")


def show_lineage(options: argparse.Namespace) -> int:
    from intercentre.access import trace, trace_alone

    if options.dossier:
        if not options.dossier.is_dir():
            raise UsageError(f"{options.dossier} n'est pas un dossier.")
        lineage = trace_alone(options.dossier, options.observation, lignes=options.lignes)
    else:
        version = options.publication or None
        lineage = trace(the_hub(), options.observation, version, lignes=options.lignes, acteur=ACTOR)
    if options.format == "json":
        say(json.dumps(as_json(lineage), ensure_ascii=False, indent=2, default=str))
    else:
        for line in lineage_lines(lineage):
            say(line)
    return OK


def as_json(lineage: Lineage) -> dict[str, Any]:
    """The lineage as plain values; `unites` and `lignes` only where they were asked for."""
    content = asdict(lineage)
    return {name: value for name, value in content.items() if value is not None}


def lineage_lines(lineage: Lineage) -> Iterator[str]:
    """The lineage as a person reads it, from the figure down."""
    from intercentre.core.french import french_moment

    used, decided, release = lineage.definition, lineage.decision, lineage.publication
    yield f"{lineage.observation} : {used.titre}"
    yield f"  chiffre      {_figure(lineage)}"
    yield f"  définition   {used.code} version {used.version} ({used.statut})"
    if used.fichier:
        yield f"               {used.fichier}, empreinte {used.empreinte}"
    else:
        yield "               cette version n'est plus celle en vigueur"
    said = _DECISIONS.get(decided.decision, decided.decision)
    yield f"  décision     tour {decided.tour_id} : {said}{_votes(lineage)}"
    for centre, opinion, motif in decided.reserves:
        yield f"               {centre} ({_OPINIONS.get(opinion, opinion)}) : {motif}"
    yield (
        f"  publication  {release.version} du {french_moment(release.publie_le)}, bon à publier de "
        f"{release.approbateur}, diffusion {release.diffusion}{', données simulées' if release.simule else ''}"
    )
    yield f"               manifeste {release.manifeste_sha256}"
    yield f"               corrections appliquées : {release.corrections_appliquees}"
    yield f"  dépôts       {_how_many(lineage)}"
    for depot in lineage.depots:
        yield from _deposit(depot)
    if lineage.unites is not None:
        yield from _units(lineage)


def _figure(lineage: Lineage) -> str:
    figure = lineage.chiffre
    state = f"{figure['statut_obs']}, couverture {figure['couverture']}, état au {figure['date_etat']}"
    if lineage.is_masked:
        return f"masqué (secret statistique) : la valeur exacte n'est pas donnée ; {state}"
    if figure["valeur"] is None:
        return f"sans objet : il n'y a rien à calculer ; {state}"
    return f"{figure['valeur']:g} {figure['unite']} ; {state}"


def _votes(lineage: Lineage) -> str:
    votes = lineage.decision.votes
    if votes is None:
        return " (le procès-verbal est dans MANIFEST.json)"
    said = ", ".join(f"{count} {_OPINIONS.get(opinion, opinion)}" for opinion, count in votes.items())
    return f" ({said or 'aucune voix exprimée'})"


def _how_many(lineage: Lineage) -> str:
    count = len(lineage.depots)
    if lineage.depots_exacts:
        return f"{count}, ceux qui ont fait ce chiffre"
    return f"{count} au plus : la publication seule ne dit pas lesquels de ceux-ci"


def _deposit(depot: DepositBehind) -> Iterator[str]:
    from intercentre.core.french import french_moment

    yield f"    {depot.depot_id} ({depot.centre})"
    if depot.sha256 and depot.recu_le:
        yield f"      SHA-256 {depot.sha256}"
        yield f"      récépissé n° {depot.numero} du {french_moment(depot.recu_le)}, période {depot.periode}"
        compared = "non comparé" if depot.plausibilite is None else f"{depot.plausibilite} question(s)"
        yield f"      verdict {depot.verdict}, niveau {depot.niveau} ; plausibilité : {compared}"
    if depot.corrections:
        yield f"      corrections appliquées : {', '.join(depot.corrections)}"


def _units(lineage: Lineage) -> Iterator[str]:
    unites, lignes = lineage.unites or (), lineage.lignes or ()
    yield f"  unités       {len(unites)} : données de travail, à ne communiquer à personne hors de DISCRI"
    places: dict[str, list[str]] = {}
    for line in lignes:
        number = "ligne inconnue" if line.ligne is None else f"ligne {line.ligne}"
        places.setdefault(line.unite_id, []).append(f"      {line.table}, {number} de {line.depot_id}")
    for unite_id in dict.fromkeys(unit.unite_id for unit in unites):
        yield f"    {unite_id}"
        yield from places.get(unite_id, ["      aucune ligne ne porte ce nom : l'unité est faite de plusieurs lignes"])
