"""Findings about cells, keys and references, the same for every table; and the tolerances that the contract declares."""

from __future__ import annotations

from schemas.findings import FindingCode, Scope, Severity

E, A, I = Severity.A_CORRIGER, Severity.A_EXPLIQUER, Severity.INFORMATION  # noqa: E741
_CELL, _ROW, _TABLE = Scope.CELLULE, Scope.LIGNE, Scope.TABLE

FIELD = (
    FindingCode(
        "CTR-001",
        E,
        _CELL,
        "Valeur obligatoire absente",
        "Une valeur obligatoire est absente.",
        "Complétez la cellule.",
    ),
    FindingCode(
        "CTR-002",
        E,
        _CELL,
        "Identifiant mal formé",
        "L'identifiant contient un caractère qui n'est pas admis, ou il est trop long.",
        "Employez des lettres sans accent, des chiffres, « _ » et « - » seulement.",
    ),
    FindingCode(
        "CTR-003",
        E,
        _CELL,
        "Nombre entier illisible ou hors bornes",
        "La cellule n'est pas un nombre entier dans les bornes prévues.",
        "Écrivez un nombre entier, sans autre signe.",
    ),
    FindingCode(
        "CTR-004",
        E,
        _CELL,
        "Nombre illisible ou hors bornes",
        "La cellule n'est pas un nombre dans les bornes prévues, ou son séparateur est ambigu.",
        "Écrivez un nombre avec une seule virgule ou un seul point pour les décimales.",
    ),
    FindingCode(
        "CTR-005",
        E,
        _CELL,
        "Oui ou non illisible",
        "La cellule n'est ni un oui ni un non.",
        "Écrivez true ou false, O ou N, Oui ou Non.",
    ),
    FindingCode(
        "CTR-007",
        E,
        _ROW,
        "Clé en double",
        "Plusieurs lignes de la table portent la même clé.",
        "Gardez une seule ligne par clé.",
    ),
    FindingCode(
        "CTR-008",
        E,
        _CELL,
        "Période illisible",
        "La cellule n'est pas une période.",
        "Écrivez une année (2026) ou un trimestre (2026-T3).",
    ),
    FindingCode(
        "V15",
        E,
        _CELL,
        "Code inconnu",
        "Le code n'est pas dans la liste du contrat.",
        "Choisissez un code de la liste (feuille « codes » du gabarit).",
    ),
    FindingCode(
        "V16",
        A,
        _CELL,
        "Ancien code",
        "Le code est une ancienne écriture : il est lu comme le code qui l'a remplacé.",
        "Remplacez l'ancien code dans votre outil quand vous le pouvez.",
    ),
    FindingCode(
        "V17",
        E,
        _CELL,
        "Commune inconnue",
        "Le code n'est pas celui d'une commune.",
        "Employez le code REFNIS à cinq chiffres ; 00000 si elle est inconnue.",
    ),
    FindingCode(
        "V17-M",
        A,
        _CELL,
        "Ancien code de commune",
        "La commune a fusionné ou changé de code avant cette date : elle est lue sous son code actuel.",
        "Mettez à jour le code de la commune dans votre outil quand vous le pouvez.",
    ),
    FindingCode(
        "V18",
        E,
        _CELL,
        "Date illisible ou hors bornes",
        "La cellule n'est pas une date AAAA-MM-JJ, ou la date est avant 1990 ou après la date d'état.",
        "Écrivez la date sous la forme 2026-09-30 (ou 30/09/2026) et vérifiez l'année.",
    ),
    FindingCode(
        "V41",
        E,
        _CELL,
        "Renvoi vers une ligne absente",
        "La ligne renvoie à une ligne qui n'est pas dans le dépôt (dossier, convention ou attestation).",
        "Ajoutez la ligne manquante à l'export, ou corrigez le renvoi.",
    ),
)

TOLERANCE = (
    FindingCode(
        "TOL-001",
        I,
        _TABLE,
        "Encodage de Windows",
        "Le fichier est encodé en Windows-1252 ; il a été lu comme tel.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-002",
        I,
        _TABLE,
        "En-tête réécrit",
        "Des en-têtes ont une autre casse, des accents ou des espaces ; ils ont été reconnus.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-003",
        I,
        _TABLE,
        "Dates JJ/MM/AAAA",
        "Des dates sont écrites JJ/MM/AAAA ; elles ont été lues ainsi.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-004",
        I,
        _TABLE,
        "Virgule décimale",
        "Des nombres ont une virgule décimale ; ils ont été lus ainsi.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-005",
        I,
        _TABLE,
        "O/N, Oui/Non",
        "Des oui et des non sont écrits O/N, Oui/Non, 1/0 ou Vrai/Faux ; ils ont été lus ainsi.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-006",
        I,
        _TABLE,
        "Espaces autour des valeurs",
        "Des valeurs ont des espaces avant ou après ; ils ont été retirés.",
        "Rien à faire.",
    ),
    FindingCode(
        "TOL-007",
        I,
        _TABLE,
        "Marque d'ordre des octets",
        "Le fichier commence par une marque d'ordre (BOM) ; elle a été retirée.",
        "Rien à faire.",
    ),
)
