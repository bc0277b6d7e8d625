"""`intercentre correction`: proposing, accepting, withdrawing and listing corrections, on the hub's own home."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from intercentre.commands import OK, UsageError, known_centres, say, the_hub
from intercentre.parser import Verbs, group, verb

if TYPE_CHECKING:
    from intercentre.core.registry.tables import Correction

ACTOR = "commande"
_NEXT = (
    "Elle vaudra dès la prochaine harmonisation (intercentre executer, ou la tâche d'entretien d'Airflow), tant que le "
    "dépôt en vigueur dit ce qu'elle remplace."
)
_EMPTY = "(vide)"


def correction_verbs(verbs: Verbs) -> None:
    """What the help says of each verb."""
    correction = group(verbs, "correction", "corriger une cellule d'un extrait, à deux rôles")
    one = verb(
        correction,
        "proposer",
        propose,
        "proposer une correction d'une cellule du dernier dépôt accepté d'un centre",
        "Exemple : intercentre correction proposer CAI dossier --cle dossier_id=D-0012 --colonne sexe --valeur F "
        '\\\n  --motif "Erreur de saisie signalée par le centre" --role centre',
    )
    one.add_argument("centre", metavar="CENTRE", help="code du centre")
    one.add_argument("table", metavar="TABLE", help="table du contrat")
    one.add_argument(
        "--cle", action="append", required=True, metavar="COLONNE=TEXTE", help="colonne de la clé (répétable)"
    )
    one.add_argument("--colonne", required=True, metavar="COLONNE", help="colonne à corriger")
    value = one.add_mutually_exclusive_group(required=True)
    value.add_argument("--valeur", metavar="TEXTE", help="ce que la cellule doit dire, comme le contrat l'écrit")
    value.add_argument("--vide", action="store_true", help="la cellule doit être vide")
    one.add_argument("--motif", required=True, metavar="TEXTE", help="pourquoi, sans rien qui nomme une personne")
    _role(one, "qui propose")
    one = verb(
        correction,
        "importer",
        import_file,
        "proposer les corrections d'un fichier, toutes ou aucune",
        "Le fichier : CSV UTF-8, « ; », une cellule par ligne, première ligne centre;table;cle;colonne;valeur;motif ;"
        "\n  CAI;dossier;dossier_id=D-0012;sexe;F;Erreur de saisie signalée par le centre",
    )
    one.add_argument("fichier", type=Path, metavar="FICHIER", help="le fichier ; une valeur vide vide la cellule")
    _role(one, "qui propose")
    one = verb(correction, "accepter", accept, "accepter une correction proposée par un autre rôle")
    one.add_argument("correction", metavar="COR-0001", help="la correction")
    _role(one, "qui accepte")
    one = verb(correction, "retirer", withdraw, "retirer une correction ; elle reste inscrite, et ne vaut plus")
    one.add_argument("correction", metavar="COR-0001", help="la correction")
    _role(one, "qui retire")
    one = verb(correction, "lister", show, "montrer les corrections, et où elles en sont")
    one.add_argument("--centre", default="", metavar="C", help="un seul centre (tous)")
    one.add_argument(
        "--avec-valeurs",
        action="store_true",
        help="montrer aussi la ligne, la valeur et le texte remplacé : gardez-les pour vous",
    )


def _role(one: argparse.ArgumentParser, help_: str) -> None:
    one.add_argument("--role", choices=("centre", "discri"), required=True, help=help_)


def propose(options: argparse.Namespace) -> int:
    from intercentre.harmonisation.corrections import Proposal, propose_correction

    proposal = Proposal(
        centre=known_centres(options.centre)[0],
        table=options.table,
        cle=_key(options.cle),
        colonne=options.colonne,
        valeur=None if options.vide else options.valeur,
        motif=options.motif,
        role=options.role,
    )
    correction_id = propose_correction(the_hub(), proposal, acteur=ACTOR)
    say(f"{correction_id} proposée. Elle ne change rien tant qu'un autre rôle ne l'a pas acceptée :")
    say(f"  intercentre correction accepter {correction_id} --role {_other(options.role)}")
    return OK


def import_file(options: argparse.Namespace) -> int:
    from intercentre.harmonisation.correction_file import read_proposals
    from intercentre.harmonisation.corrections import propose_corrections

    proposals = read_proposals(options.fichier, options.role)
    for correction_id in propose_corrections(the_hub(), proposals, acteur=ACTOR):
        say(f"{correction_id} proposée. Pour qu'elle vaille :")
        say(f"  intercentre correction accepter {correction_id} --role {_other(options.role)}")
    return OK


def accept(options: argparse.Namespace) -> int:
    from intercentre.harmonisation.corrections import accept_correction

    accept_correction(the_hub(), options.correction, options.role, acteur=ACTOR)
    say(f"{options.correction} acceptée. {_NEXT}")
    return OK


def withdraw(options: argparse.Namespace) -> int:
    from intercentre.harmonisation.corrections import withdraw_correction

    withdraw_correction(the_hub(), options.correction, options.role, acteur=ACTOR)
    say(f"{options.correction} retirée. Dès la prochaine harmonisation, la ligne dira de nouveau ce que dit le dépôt.")
    return OK


def show(options: argparse.Namespace) -> int:
    from intercentre.harmonisation.corrections import ACCEPTED, corrections_without_effect, list_corrections
    from intercentre.harmonisation.deposits import accepted_deposits

    hub, centre = the_hub(), known_centres(options.centre)[0] if options.centre else None
    corrections = list_corrections(hub, centre)
    last = max((one.periode for one in accepted_deposits(hub) if one.periode.is_quarter), default=None)
    idle = {one.correction_id: one for one in corrections_without_effect(hub, last)} if last else {}
    for correction in corrections:
        say(_line(correction))
        if options.avec_valeurs:
            key = ", ".join(f"{column}={text}" for column, text in correction.cle.items())
            say(f"    ligne {key} ; valeur : {correction.valeur or _EMPTY} ; remplace : {_replaced(correction)}")
        if correction.etat == ACCEPTED and correction.correction_id in idle:
            say(f"    sans effet, {last} : {idle[correction.correction_id].raison}")
    if not corrections:
        say("Aucune correction.", error=True)
    return OK


def _line(correction: Correction) -> str:
    from intercentre.core.french import french_day

    said = f"proposée par {correction.role} le {french_day(correction.proposee_le.date())}"
    if correction.role_acceptation and correction.acceptee_le:
        said += f", acceptée par {correction.role_acceptation} le {french_day(correction.acceptee_le.date())}"
    if correction.role_retrait and correction.retiree_le:
        said += f", retirée par {correction.role_retrait} le {french_day(correction.retiree_le.date())}"
    place = f"{correction.centre_code}, {correction.table_nom}, colonne {correction.colonne}"
    return f"{correction.correction_id}  {place} : {said}. Motif : {correction.motif}"


def _replaced(correction: Correction) -> str:
    return "(non connu)" if correction.remplacee is None else correction.remplacee or _EMPTY


def _key(parts: Sequence[str]) -> dict[str, str]:
    """Column → text; raises UsageError for a part without `=`."""
    pairs = [part.partition("=") for part in parts]
    if any(not sign for _, sign, _ in pairs):
        raise UsageError("--cle s'écrit COLONNE=TEXTE, une fois par colonne de la clé.")
    return {column.strip(): text.strip() for column, _, text in pairs}


def _other(role: str) -> str:
    return "discri" if role == "centre" else "centre"
