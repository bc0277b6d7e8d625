"""Findings about how a deposit arrives: its collection from a centre, the file or archive that holds it."""

from __future__ import annotations

from schemas.findings import FindingCode, Scope, Severity

B, I = Severity.BLOQUANT, Severity.INFORMATION  # noqa: E741
_TABLE, _DEPOSIT, _COLLECT = Scope.TABLE, Scope.DEPOT, Scope.COLLECTE

COLLECTION = (
    FindingCode(
        "COL-001",
        B,
        _COLLECT,
        "Centre injoignable",
        "L'adresse du centre ne répond pas.",
        "Vérifiez que le service d'export du centre est allumé et joignable ; une nouvelle tentative suivra.",
    ),
    FindingCode(
        "COL-002",
        B,
        _COLLECT,
        "Accès refusé par le centre",
        "Le centre a refusé le jeton du hub.",
        "Renouvelez le jeton convenu entre le centre et le hub.",
    ),
    FindingCode(
        "COL-003",
        B,
        _COLLECT,
        "Service du centre indisponible",
        "Le service du centre répond qu'il est indisponible, malgré plusieurs essais.",
        "Vérifiez le service d'export du centre ; une nouvelle tentative suivra.",
    ),
    FindingCode(
        "COL-004",
        B,
        _COLLECT,
        "Transfert interrompu",
        "Le fichier s'est interrompu avant la fin et la reprise a échoué.",
        "Relancez l'export ; une nouvelle tentative suivra.",
    ),
    FindingCode(
        "COL-005",
        B,
        _COLLECT,
        "Fichier trop grand",
        "Le fichier dépasse la taille admise ({limite} Mo).",
        "Vérifiez l'export ; si cette taille est normale, demandez à l'exploitant de relever la limite.",
    ),
    FindingCode(
        "COL-006",
        B,
        _COLLECT,
        "Délai dépassé",
        "Le centre n'a pas livré son fichier dans le délai admis ({limite} s).",
        "Vérifiez le service d'export du centre ; une nouvelle tentative suivra.",
    ),
    FindingCode(
        "COL-007",
        B,
        _COLLECT,
        "Page web au lieu d'un fichier",
        "Le centre a répondu par une page web au lieu d'un dépôt.",
        "Vérifiez l'adresse d'export : elle mène sans doute à une page de connexion.",
    ),
    FindingCode(
        "COL-008",
        B,
        _COLLECT,
        "Rien à cette adresse",
        "Le centre n'a pas de dépôt pour cette période à l'adresse convenue.",
        "Vérifiez que l'export de la période a été produit.",
    ),
)

CONTAINER = (
    FindingCode(
        "DEP-001",
        B,
        _DEPOSIT,
        "Dépôt illisible",
        "Le fichier n'est ni une archive ZIP, ni un classeur, ni un fichier Parquet, ni un fichier CSV lisible.",
        "Déposez le dossier d'export compressé en ZIP, avec son manifeste.",
    ),
    FindingCode(
        "DEP-002",
        B,
        _DEPOSIT,
        "Dépôt vide",
        "Il n'y a rien à lire : le fichier a 0 octet, ou le dossier ou l'archive ne contient aucun fichier.",
        "Relancez l'export et déposez ce qu'il produit.",
    ),
    FindingCode(
        "DEP-003",
        B,
        _DEPOSIT,
        "Page web au lieu d'un fichier",
        "Le contenu est une page web, pas un dépôt.",
        "Téléchargez d'abord l'export, puis déposez le fichier lui-même.",
    ),
    FindingCode(
        "DEP-004",
        B,
        _DEPOSIT,
        "Archive dangereuse",
        "L'archive contient un chemin interdit, trop de fichiers ou un contenu démesuré ; elle n'a pas été ouverte.",
        "Recréez l'archive à partir du seul dossier d'export.",
    ),
    FindingCode(
        "DEP-005",
        B,
        _DEPOSIT,
        "Fichier de table illisible",
        "Un fichier de table n'a pas pu être lu.",
        "Ouvrez-le dans votre tableur et enregistrez-le de nouveau en CSV ou en XLSX.",
    ),
    FindingCode(
        "DEP-006",
        I,
        _DEPOSIT,
        "Mêmes octets que le dépôt précédent",
        "Ce dépôt est identique, octet pour octet, à un dépôt déjà reçu : il n'est pas traité deux fois.",
        "Rien à faire. Si vous vouliez déposer une correction, vérifiez que vous avez choisi le bon fichier.",
    ),
    FindingCode(
        "DEP-007",
        I,
        _DEPOSIT,
        "Manifeste établi par le hub",
        "Le dépôt n'a pas de manifeste ; le hub l'a établi d'après le centre, la période et les fichiers présents.",
        "Rien à faire. Joindre un manifeste permet en plus de vérifier que rien ne s'est perdu en route.",
    ),
    FindingCode(
        "DEP-008",
        B,
        _DEPOSIT,
        "Fichier protégé par un mot de passe",
        "Le fichier est protégé par un mot de passe : il n'a pas été ouvert.",
        "Enregistrez-le sans mot de passe, puis déposez-le ; le dépôt est chiffré en route et au repos.",
    ),
    FindingCode(
        "DEP-009",
        B,
        _DEPOSIT,
        "Classeur avec macros",
        "Le classeur contient des macros ou des commandes : il n'a pas été ouvert.",
        "Enregistrez-le comme classeur sans macros (XLSX), puis déposez-le.",
    ),
    FindingCode(
        "DEP-010",
        B,
        _DEPOSIT,
        "Classeur lié à d'autres fichiers",
        "Le classeur prend des données dans un autre fichier ou à une adresse : il n'a pas été ouvert.",
        "Rompez les liaisons (dans Excel : Données, Modifier les liens, Rompre la liaison), ou exportez en CSV.",
    ),
    FindingCode(
        "DEP-011",
        B,
        _DEPOSIT,
        "Archive dans une archive",
        "Une archive en contient une autre : elle n'a pas été ouverte.",
        "Mettez les fichiers des tables eux-mêmes dans une seule archive ZIP.",
    ),
    FindingCode(
        "DEP-012",
        B,
        _DEPOSIT,
        "Archive d'un autre format",
        "L'archive n'est pas au format ZIP (elle est au format RAR, 7z, tar ou un autre) : elle n'a pas été ouverte.",
        "Compressez le dossier d'export en ZIP (dans Windows : clic droit, Compresser dans un fichier ZIP).",
    ),
    FindingCode(
        "DEP-013",
        B,
        _TABLE,
        "Colonne d'un type composé",
        "Une colonne du fichier Parquet contient des listes, des structures ou des octets : la table n'a pas été lue.",
        "Exportez des colonnes simples : texte, nombre, date, oui ou non.",
    ),
    FindingCode(
        "DEP-014",
        B,
        _TABLE,
        "Feuille introuvable",
        "Aucune feuille du classeur n'a le nom ni l'en-tête d'une table, ou plusieurs feuilles ont l'en-tête de la même.",
        "Donnez à la feuille le nom de la table (par exemple « dossier ») et reprenez l'en-tête du gabarit.",
    ),
    FindingCode(
        "DEP-015",
        B,
        _DEPOSIT,
        "Rien n'est rempli",
        "Aucune table ne contient de ligne : ce dépôt remplacerait vos chiffres par un état vide.",
        "Remplissez les tables, puis déposez-les. Si le centre n'a vraiment rien à déclarer, joignez un manifeste qui "
        "déclare chaque table vide.",
    ),
    FindingCode(
        "DEP-016",
        B,
        _DEPOSIT,
        "Plusieurs dépôts ensemble",
        "Il y a plusieurs manifestes, donc plusieurs dépôts : aucun n'a été lu, puisqu'on ne sait pas lequel compte.",
        "Donnez un seul des dossiers, celui qui contient le manifeste et les tables à déposer (par exemple le dossier "
        "« exemple » à l'intérieur des gabarits, et non le dossier entier).",
    ),
    FindingCode(
        "DEP-017",
        I,
        _DEPOSIT,
        "Feuille laissée de côté",
        "Cette feuille du classeur n'est celle d'aucune table du dépôt : elle n'a pas été lue.",
        "Rien à faire si ce n'est pas une table. Sinon, donnez à la feuille le nom de sa table (par exemple "
        "« dossier ») et, s'il y a un manifeste, déclarez-y la table.",
    ),
    FindingCode(
        "DEP-018",
        B,
        _DEPOSIT,
        "Lignes d'une table qui n'ont pas été lues",
        "Ce fichier ou cette feuille porte une table qui est aussi ailleurs dans le dépôt, ou que le manifeste n'y prévoit "
        "pas : on ne sait pas ce qui compte, et rien n'en a été lu.",
        "Mettez toutes les lignes d'une table dans un seul fichier, sur une seule feuille, et supprimez l'autre ; s'il y a "
        "un manifeste, déclarez-y la table.",
    ),
    FindingCode(
        "DEP-019",
        B,
        _DEPOSIT,
        "Fichier d'aucune table",
        "Ni le nom de ce fichier ni son en-tête ne sont ceux d'une table du contrat : il n'a pas été lu.",
        "Retirez-le du dépôt. Si c'est une table, nommez-le d'après elle (par exemple dossier.csv) et reprenez l'en-tête "
        "du gabarit.",
    ),
    FindingCode(
        "DEP-020",
        B,
        _DEPOSIT,
        "Feuille démesurée",
        "Une feuille du classeur a une cellule très loin de ses données, à droite ou en bas, remplie ou seulement mise "
        "en forme : le classeur n'a pas été ouvert.",
        "Dans cette feuille, Ctrl+Fin mène à la dernière cellule : supprimez les lignes et les colonnes en trop, puis "
        "enregistrez ; ou exportez la feuille en CSV.",
    ),
)
