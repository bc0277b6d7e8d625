"""What intercentre-public.duckdb holds: its tables, their comments, the views by mission and the macros."""

from __future__ import annotations

from intercentre.release.definitions import DEFINITION_COLUMNS
from schemas.exchanges.comparison import COMPARISON_DESCRIPTIONS, RELEASED_COMPARISON_COLUMNS
from schemas.exchanges.release import OBSERVATION_DESCRIPTIONS

# Table → what it is, columns that order it, column → description. Columns that are not described speak for themselves.
_KEY = "indicateur, periode, territoire_type, territoire, dimension, modalite"
PUBLIC_TABLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "indicateurs": (
        "Les chiffres publiés : une ligne par indicateur, période, territoire et catégorie ; les totaux ont _T.",
        _KEY,
        OBSERVATION_DESCRIPTIONS,
    ),
    "comparaison": (
        "Une part, une période, un centre à côté de la région, avec ce que le hasard explique ; jamais un classement.",
        "indicateur, periode, territoire",
        {name: COMPARISON_DESCRIPTIONS[name] for name in RELEASED_COMPARISON_COLUMNS},
    ),
    "definitions": ("Une ligne par indicateur publié : ce qu'il compte et comment le lire.", "1", DEFINITION_COLUMNS),
    "modalites": (
        "Les catégories de chaque dimension et leur libellé.",
        "1, 3",
        {"dimension": "Ventilation", "modalite": "Code de la catégorie", "libelle": "Ce que le code veut dire"},
    ),
    "territoires": (
        "Les territoires et leurs noms ; le centre d'une commune est celui de son ressort à la fin de la période.",
        "1, 2",
        {
            "territoire_type": "region, province, arrondissement, centre ou commune",
            "territoire": "Code, tel que dans indicateurs",
            "arrondissement": "Arrondissement de la commune (REFNIS)",
            "province": "Province de la commune ou de l'arrondissement (REFNIS)",
            "centre": "Centre dans le ressort duquel est la commune",
        },
    ),
    "couverture": (
        "Les huit centres et l'état de leur dépôt dans cette publication.",
        "1",
        {
            "etat": "presente, reportee (dernier dépôt accepté d'une période antérieure) ou manquante",
            "periode_depot": "Période du dépôt pris en compte",
            "date_etat": "Jour dont le dépôt donne l'état",
        },
    ),
    "periodes": (
        "Les périodes de la série : les centres que leurs chiffres comptent, et ce qui rompt la série.",
        "1",
        {
            "centres_presents": "Centres comptés, dont le dépôt est celui de la période publiée",
            "centres_reportes": "Centres comptés d'après un dépôt antérieur",
            "centres_manquants": "Centres qui ne couvrent pas toute la période : leur absence n'est pas un zéro",
            "ruptures": "CENTRES : d'autres centres qu'avant ; "
            "TABLE : la première période complète d'une table ; REGIME : une autre loi",
        },
    ),
    "reserves": (
        "Les réserves et oppositions des centres, à lire à côté des chiffres qu'elles visent.",
        "1",
        {"avis": "reserve ou oppose", "indicateurs": "Codes visés, séparés par des points-virgules, ou tous"},
    ),
    "changements": (
        "Ce qui diffère de la publication précédente ; vide pour la première.",
        _KEY,
        {
            "nature": "nouveau, retire, revise, masque, communique ou definitif",
            "ancienne_valeur": "Valeur précédente, pour un chiffre révisé",
            "nouvelle_valeur": "Valeur de cette publication",
        },
    ),
    "lisezmoi": (
        "Ce qu'est cette publication et comment la lire.",
        "1",
        {"texte": "Le texte, paragraphe par paragraphe"},
    ),
}
