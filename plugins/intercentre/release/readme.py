"""LISEZMOI.txt: what the release is, for a person who has no tool and nobody to ask."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from datetime import date

from intercentre.core.french import french_count, french_day
from intercentre.release.inputs import RESTRICTED, CentreCoverage, ReleaseInputs
from schemas.exchanges.release import IDENTITE_PUBLICATION, NAMESPACE_PUBLICATION
from schemas.nomenclatures import nomenclature

CONTACT = "DISCRI, responsable des publications statistiques des centres régionaux d'intégration"
_STATES = {
    "presente": "dépôt de la période",
    "reportee": "dernier dépôt accepté, reporté de {periode}",
    "manquante": "aucun dépôt : ce centre n'est pas compté, et l'absence n'est pas un zéro",
}
_SEALS = "SHA256SUMS, MANIFEST.json, MANIFEST.json.sig"
_FILES = (
    ("indicateurs.csv", "les chiffres, à ouvrir dans un tableur (UTF-8, virgules, point décimal)"),
    ("indicateurs.parquet", "les mêmes chiffres, pour un logiciel d'analyse"),
    ("intercentre-public.duckdb", "les mêmes chiffres avec définitions, territoires et vues par mission, en SQL"),
    ("comparaison.csv", "chaque part d'un centre à côté de la région, avec ce que le hasard seul explique"),
    ("comparaison.parquet", "la même comparaison, pour un logiciel d'analyse"),
    ("definitions.csv", "ce que compte chaque indicateur et comment le lire"),
    ("reserves.csv", "les réserves des centres, à lire à côté des chiffres"),
    ("changements.md", "ce qui diffère de la publication précédente"),
    ("protection.json", "le compte rendu de la protection du secret statistique"),
    (_SEALS, "les empreintes, le manifeste et sa signature"),
)


def readme_sections(
    inputs: ReleaseInputs, files: frozenset[str], sans_chiffre: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """(title, text) of each part, in the order of reading; holds no time of the run.

    files         names of the files that stand in the release
    sans_chiffre  codes of the indicators that are defined and have no row in it
    """
    sections = [("Ce que c'est", _what(inputs))]
    if inputs.diffusion == RESTRICTED:
        sections.append(("Diffusion restreinte", _restriction()))
    if inputs.simule:
        sections.insert(0, ("DONNÉES SIMULÉES", _simulated()))
    return [
        *sections,
        ("Les fichiers", _files(files)),
        ("Lire un chiffre", _reading()),
        ("Indicateurs sans chiffre", _without_figure(sans_chiffre)),
        ("Centres comptés", "\n".join(_coverage(one) for one in inputs.couverture)),
        ("Corrections", _corrections(inputs)),
        ("Réserves", _reservations(inputs)),
        ("Vérifier", _checking()),
        ("Conditions", _conditions()),
        ("Contact", CONTACT + "."),
    ]


def readme_text(inputs: ReleaseInputs, sections: Iterable[tuple[str, str]]) -> str:
    """The sections as one plain text."""
    title = f"Publication {inputs.version} : indicateurs des centres régionaux d'intégration"
    parts = [f"{title}\n{'=' * len(title)}\n"]
    parts += [f"{heading}\n{'-' * len(heading)}\n{_wrapped(text)}\n" for heading, text in sections]
    return "\n".join(parts)


def _wrapped(text: str) -> str:
    """Lines of at most 78 characters; commands (indented) stay as they are, a list keeps its indent."""
    return "\n".join(
        line if line.startswith("  ") else textwrap.fill(line, 78, subsequent_indent="  " * line.startswith("- "))
        for line in text.split("\n")
    )


def _what(inputs: ReleaseInputs) -> str:
    return (
        "Les indicateurs partagés des huit centres régionaux d'intégration (CRI) de Wallonie, "
        f"{inputs.periode.libelle}, avec toute la série recalculée sur les mêmes dépôts. Les centres se sont accordés "
        f"sur ces chiffres lors du tour de concertation {inputs.agreement.tour_id} ; le procès-verbal est dans "
        f"MANIFEST.json. Les extraits donnent l'état au plus tard au {french_day(last_day(inputs))}."
    )


def _simulated() -> str:
    return (
        "Données simulées : ces chiffres viennent de dossiers inventés, pour montrer et essayer l'outil. Ils ne "
        "décrivent aucune personne et ne disent rien de la réalité des centres. Ne les citez pas."
    )


def _restriction() -> str:
    return (
        "Diffusion restreinte aux centres, à DISCRI et aux autorités. Les petits effectifs sont masqués, mais la "
        "protection complémentaire n'est pas encore appliquée : un chiffre masqué pourrait parfois être recalculé à "
        "partir des totaux. Ne publiez pas ces fichiers."
    )


def _files(files: frozenset[str]) -> str:
    return "\n".join(f"- {name} : {text}." for name, text in _FILES if name in files or name == _SEALS)


def _reading() -> str:
    return (
        "Une ligne donne un indicateur, pour une période, un territoire et une catégorie. Les totaux ont _T comme "
        "dimension et comme modalité. Trois absences sont différentes :\n"
        "- statut_secret « masque » : secret statistique, la valeur existe et n'est pas communiquée ;\n"
        "- valeur vide avec statut_secret « libre » : sans objet, il n'y a rien à calculer ;\n"
        "- catégorie « inconnu » d'une dimension : non renseigné par le centre.\n"
        "Les dossiers s'additionnent d'un centre à l'autre ; les personnes non : une personne suivie par deux centres "
        "compte une fois dans la région."
    )


def _without_figure(codes: Sequence[str]) -> str:
    if not codes:
        return "Chaque indicateur défini a au moins une ligne."
    return (
        f"Définis, et sans aucune ligne ici : {', '.join(codes)}. Ce n'est pas un zéro : la source manque, la "
        "cohorte n'a pas mûri, ou la période n'est pas celle de l'indicateur ; sa définition dit ce qu'il lui faut."
    )


def _coverage(one: CentreCoverage) -> str:
    name = nomenclature("centre").entries[one.centre].libelle
    state = _STATES[one.etat].format(periode=one.periode_depot)
    day = f", état au {french_day(one.date_etat)}" if one.date_etat else ""
    return f"- {name} : {state}{day}"


def _corrections(inputs: ReleaseInputs) -> str:
    done, without = inputs.corrections.appliquees, inputs.corrections.sans_effet
    if not done and not without:
        return "Aucune donnée des centres n'a été corrigée par la plateforme."
    return (
        f"Corrections de données des centres qui entrent dans ces chiffres : {done} ; sans effet sur les dépôts "
        f"actuels : {without}. Chacune a un motif et l'accord de deux rôles, un centre et DISCRI."
    )


def _reservations(inputs: ReleaseInputs) -> str:
    count = len(inputs.agreement.reservations)
    if not count:
        return "Aucun centre n'a émis de réserve."
    return f"{french_count(count, 'réserve')}, à lire dans reserves.csv ; la colonne reserves dit où elles portent."


def _checking() -> str:
    return (
        "Avec des outils courants (Linux, macOS, Windows avec OpenSSH), dans ce dossier, le fichier allowed_signers "
        "publié étant à côté de lui :\n"
        "  sha256sum -c SHA256SUMS\n"
        f"  ssh-keygen -Y verify -f ../allowed_signers -I {IDENTITE_PUBLICATION} \\\n"
        f"    -n {NAMESPACE_PUBLICATION} -s MANIFEST.json.sig < MANIFEST.json\n"
        "La première commande dit que les fichiers sont entiers, la seconde que le manifeste, qui porte leurs "
        "empreintes, vient bien de la plateforme. Avec l'outil :\n"
        "  intercentre publication verifier DOSSIER"
    )


def _conditions() -> str:
    return (
        "Citez « Centres régionaux d'intégration de Wallonie et DISCRI », la version de la publication et les réserves "
        "des centres. Ne cherchez pas à reconnaître une personne. Une comparaison entre centres n'est pas un "
        "classement : les publics et les territoires diffèrent."
    )


def last_day(inputs: ReleaseInputs) -> date:
    """The latest day whose state a centre's deposit gives."""
    return max((one.date_etat for one in inputs.couverture if one.date_etat), default=inputs.periode.fin)
