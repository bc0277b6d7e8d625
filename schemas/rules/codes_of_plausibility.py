"""Findings of the plausibility of a deposit beside its centre's earlier ones and the other centres: none sets a row aside."""

from __future__ import annotations

from schemas.findings import FindingCode, Scope, Severity

A, I = Severity.A_EXPLIQUER, Severity.INFORMATION  # noqa: E741
_TABLE = Scope.TABLE

PLAUSIBILITY = (
    FindingCode(
        "PLA-001",
        A,
        _TABLE,
        "Nombre de lignes inattendu",
        "La table compte {observe} lignes ; d'après vos dépôts précédents, {attendu} étaient attendues.",
        "Vérifiez que l'export n'est ni filtré, ni tronqué, ni doublé ; si le nombre est juste, dites pourquoi.",
    ),
    FindingCode(
        "PLA-002",
        A,
        _TABLE,
        "Activité inattendue de la période",
        "{observe} lignes sont datées de la période ; d'après vos dépôts précédents, {attendu} étaient attendues.",
        "Vérifiez que l'encodage de la période est complet ; si l'activité a changé, dites pourquoi.",
    ),
    FindingCode(
        "V19",
        A,
        _TABLE,
        "Trop de valeurs inconnues",
        "{observe} des valeurs de la colonne sont « inconnu » ; {attendu} sont admis, d'après vos dépôts précédents et la "
        "limite commune.",
        "Vérifiez la correspondance des codes dans l'export ; si l'information manque vraiment, dites pourquoi.",
    ),
    FindingCode(
        "PLA-004",
        A,
        _TABLE,
        "Part des personnes obligées inattendue",
        "{observe} des dossiers sont ceux de personnes obligées ; d'après vos dépôts précédents, {attendu} étaient "
        "attendus.",
        "Vérifiez la correspondance de statut_public dans l'export ; si le public a changé, dites pourquoi.",
        "CWASS, art. 150 et 152",
    ),
    FindingCode(
        "PLA-005",
        A,
        _TABLE,
        "Part des dossiers clos inattendue",
        "{observe} des dossiers sont clos ; d'après vos dépôts précédents, {attendu} étaient attendus.",
        "Vérifiez que les dossiers actifs et clos sont tous dans l'export ; après une clôture en masse, dites pourquoi.",
    ),
    FindingCode(
        "PLA-006",
        A,
        _TABLE,
        "Répartition inattendue",
        "La répartition de la colonne s'écarte de celle de vos dépôts précédents ({nombre}).",
        "Vérifiez que des codes n'ont pas été échangés dans l'export ; si le public a changé, dites pourquoi.",
    ),
    FindingCode(
        "PLA-007",
        A,
        _TABLE,
        "Champ moins rempli qu'avant",
        "La colonne est remplie dans {observe} des lignes ; d'après vos dépôts précédents, {attendu} étaient attendus.",
        "Vérifiez que la colonne est encore alimentée par l'export ; sinon, dites pourquoi elle se vide.",
    ),
    FindingCode(
        "PLA-008",
        A,
        _TABLE,
        "Dates déplacées",
        "La date médiane de la colonne s'écarte d'environ {observe} de ce que vos dépôts précédents laissaient attendre.",
        "Vérifiez le format des dates de l'export, et qu'il donne la date du fait, non celle de l'encodage.",
    ),
    FindingCode(
        "PLA-009",
        A,
        _TABLE,
        "Hors de la bande régionale",
        "{part} : votre dépôt est hors de la bande des autres centres.",
        "Vérifiez que les codes ont chez vous le même sens que dans le dictionnaire ; si votre public diffère, dites-le.",
    ),
    FindingCode(
        "PLA-010",
        A,
        _TABLE,
        "Total inattendu de la période",
        "Le total de la colonne dans la période est {observe} ; d'après vos dépôts précédents, {attendu} était attendu.",
        "Vérifiez l'unité et que toutes les lignes de la période sont remplies ; si l'activité a changé, dites pourquoi.",
    ),
    FindingCode(
        "V59",
        A,
        _TABLE,
        "Stock de dossiers qui ne se suit pas",
        "D'après ce dépôt, {observe} dossiers étaient actifs à la fin de la période du dépôt précédent ; celui-ci en "
        "comptait {attendu}.",
        "Des dossiers d'avant ont été ajoutés, retirés, ouverts ou clos après coup : dites lesquelles de ces corrections "
        "sont voulues, et vérifiez que l'export est complet.",
    ),
    FindingCode(
        "V62",
        A,
        _TABLE,
        "Chiffre du trimestre inattendu",
        "{part} : {observe} ; d'après vos dépôts précédents, {attendu} étaient attendus.",
        "Vérifiez que l'encodage de la période est complet ; si l'activité a changé, dites pourquoi.",
    ),
    FindingCode(
        "V63",
        I,
        _TABLE,
        "Code jamais vu",
        "La colonne a des codes qui n'étaient dans aucun de vos dépôts précédents ; leur nombre : {observe}.",
        "Rien à faire s'ils sont justes ; sinon, vérifiez la correspondance des codes dans l'export.",
    ),
)
