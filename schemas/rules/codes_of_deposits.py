"""Findings about a manifest, a header, personal data or a partial deposit: what no table declares."""

from __future__ import annotations

from schemas.findings import FindingCode, Scope, Severity
from schemas.thresholds import said

A, B, I = Severity.A_EXPLIQUER, Severity.BLOQUANT, Severity.INFORMATION  # noqa: E741
_ROW, _TABLE, _DEPOSIT = Scope.LIGNE, Scope.TABLE, Scope.DEPOT

DEPOSIT = (
    FindingCode(
        "V01",
        B,
        _DEPOSIT,
        "Manifeste incorrect",
        "Le manifeste est illisible, incomplet, ou d'une version de contrat qui n'est pas admise (champ {champ}).",
        "Corrigez le manifeste d'après le modèle donné par « intercentre gabarit ».",
    ),
    FindingCode(
        "V02",
        B,
        _DEPOSIT,
        "Fichier différent du manifeste",
        "L'empreinte ou le nombre de lignes d'un fichier ne correspond pas au manifeste.",
        "Produisez le manifeste et les fichiers dans le même export, sans les rouvrir dans un tableur.",
    ),
    FindingCode(
        "V02-P",
        B,
        _TABLE,
        "Pseudonymes que le manifeste n'annonce pas",
        "La colonne porte des pseudonymes régionaux, alors que le manifeste ne dit pas que le centre en fait "
        "(methode_pseudo n'est pas « P1 ») ; lignes concernées : {nombre}.",
        "Si votre centre a une base légale pour cet usage, écrivez dans le manifeste methode_pseudo « P1 » et, dans "
        "version_cle, l'identifiant de la clé ; sinon, videz la colonne.",
        "RGPD, art. 5 et 6",
    ),
    FindingCode(
        "V02-K",
        A,
        _TABLE,
        "Pseudonymes d'une autre clé que celle du manifeste",
        "Des pseudonymes sont faits avec une autre clé que celle que le manifeste nomme dans version_cle, ou il n'en "
        "nomme aucune ; deux clés ne se rapprochent pas. Lignes concernées : {nombre}.",
        "Refaites tous les pseudonymes de l'export avec la clé convenue pour l'année et nommez-la dans version_cle, puis "
        "déposez de nouveau.",
    ),
    FindingCode(
        "V03",
        B,
        _DEPOSIT,
        "Dépôt d'un autre centre",
        "Le manifeste nomme un autre centre que celui qui dépose.",
        "Vérifiez le centre dans le manifeste, ou employez le jeton de ce centre.",
    ),
    FindingCode(
        "V04",
        B,
        _DEPOSIT,
        "Période ou date d'état incorrecte",
        "La période ou la date d'état ne convient pas : {cause}.",
        "Si vous avez choisi une autre période que celle de vos fichiers, déposez de nouveau en choisissant la bonne ; "
        "sinon, corrigez periode_debut, periode_fin et date_etat dans le manifeste.",
    ),
    FindingCode(
        "V05",
        B,
        _TABLE,
        "Table obligatoire absente",
        "Une table du niveau 1 manque et n'est pas déclarée vide.",
        "Ajoutez le fichier, ou déclarez la table vide dans le manifeste.",
    ),
    FindingCode(
        "V06",
        B,
        _TABLE,
        "En-tête différent du contrat",
        "La colonne {position} du fichier n'est pas prévue par le contrat, est répétée ou n'a pas de nom : elle n'a "
        "pas été lue.",
        "Retirez cette colonne ou renommez-la d'après le dictionnaire.",
    ),
    FindingCode(
        "V06-M",
        B,
        _TABLE,
        "Colonne absente",
        "Une colonne obligatoire du contrat manque dans l'en-tête.",
        "Ajoutez la colonne d'après le gabarit, même si elle est vide pour certaines lignes.",
    ),
    FindingCode(
        "V06-N",
        B,
        _TABLE,
        "Ligne d'une autre longueur que l'en-tête",
        "Une ligne a plus ou moins de cellules que l'en-tête, ou un guillemet n'est pas refermé.",
        "Ouvrez le fichier à cette ligne : un séparateur ou un guillemet y est de trop ou y manque.",
    ),
    FindingCode(
        "V07",
        A,
        _DEPOSIT,
        "Dépôt après l'échéance",
        "Le dépôt est arrivé après le {echeance}, dernier jour prévu pour cette période.",
        "Dites pourquoi ; la prochaine fois, demandez un report avant l'échéance si vous prévoyez de ne pas la tenir.",
    ),
    FindingCode(
        "V06-L",
        B,
        _TABLE,
        "Ligne remplie au-dessus de l'en-tête",
        "Une ligne au-dessus de l'en-tête est remplie comme une ligne de données : elle n'a pas été lue.",
        "Mettez l'en-tête au-dessus de toutes les données (un tri l'a peut-être déplacé).",
    ),
    FindingCode(
        "V06-P",
        B,
        _TABLE,
        "Colonne de données personnelles",
        "Le titre de la colonne {position} annonce {constat} : elle n'a pas été lue et le dépôt est refusé.",
        "Retirez cette colonne de l'export ; le hub ne doit jamais la recevoir.",
        "RGPD, art. 5, § 1er, c",
    ),
    FindingCode(
        "V08",
        B,
        _DEPOSIT,
        "Rectificatif sans dépôt à rectifier",
        "Le rectificatif ne nomme pas un dépôt accepté du même centre et de la même période.",
        "Indiquez le numéro du dépôt rectifié (il est sur son accusé de réception).",
    ),
    FindingCode(
        "V09",
        B,
        _DEPOSIT,
        "Numéro de séquence déjà employé",
        "Un dépôt reçu porte déjà ce numéro de séquence ou un numéro plus grand, avec un autre contenu.",
        "Augmentez le numéro de séquence à chaque nouvel export.",
    ),
    FindingCode(
        "V10",
        B,
        _TABLE,
        "Numéros nationaux possibles",
        "{nombre} valeurs d'une colonne ont la forme d'un numéro de registre national : le dépôt est refusé.",
        "Retirez les numéros nationaux de l'export ; employez les identifiants internes de votre outil.",
        "Loi du 8 août 1983, art. 8 ; RGPD, art. 87",
    ),
    FindingCode(
        "V11",
        B,
        _TABLE,
        "Adresse électronique, téléphone ou compte bancaire",
        "{nombre} valeurs d'une colonne ont la forme d'une adresse électronique, d'un téléphone ou d'un IBAN.",
        "Retirez ces données de l'export.",
        "RGPD, art. 5, § 1er, c",
    ),
    FindingCode(
        "V12",
        B,
        _TABLE,
        "Texte libre dans une colonne de codes",
        "{nombre} valeurs d'une colonne sont du texte libre là où le contrat attend un code, une date ou un nombre.",
        "Retirez le texte libre de l'export : il peut nommer ou décrire des personnes.",
        "RGPD, art. 5, § 1er, c",
    ),
    FindingCode(
        "V13",
        B,
        _TABLE,
        "Dates de naissance complètes",
        "{nombre} valeurs d'une colonne ont la forme de dates de naissance complètes : le dépôt est refusé.",
        "N'exportez que l'année de naissance, dans la colonne annee_naissance.",
        "RGPD, art. 5, § 1er, c",
    ),
    FindingCode(
        "V13-T",
        B,
        _TABLE,
        "Colonne de dates de naissance",
        "Le titre de la colonne {position} annonce {constat} : elle n'a pas été lue et le dépôt est refusé.",
        "N'exportez que l'année de naissance, dans la colonne annee_naissance.",
        "RGPD, art. 5, § 1er, c",
    ),
    FindingCode(
        "QUA-001",
        B,
        _TABLE,
        "Trop de lignes à corriger",
        "{nombre} lignes sur {total} sont à corriger, au-delà de {seuil} % "
        f"(et au moins {said('QUARANTAINE_LIGNES_MIN')} lignes) : le dépôt est refusé en entier.",
        "Corrigez d'abord le constat le plus fréquent de cette table, puis déposez de nouveau.",
    ),
)

PARTIAL = (
    FindingCode(
        "V08-P",
        B,
        _DEPOSIT,
        "Dépôt partiel sans dépôt à compléter",
        "Le dépôt partiel ne nomme pas un dépôt accepté du même centre et de la même période.",
        "Indiquez dans remplace_depot_id le numéro du dépôt que vous complétez (il est sur son accusé de réception).",
    ),
    FindingCode(
        "V08-S",
        B,
        _DEPOSIT,
        "Dépôt à compléter déjà remplacé",
        "Le dépôt nommé n'est plus celui qui compte pour cette période : un dépôt plus récent l'a remplacé ou complété.",
        "Reprenez les lignes à corriger du dernier dépôt accepté de la période, et nommez celui-là.",
    ),
    FindingCode(
        "V08-Q",
        B,
        _DEPOSIT,
        "Rien à compléter",
        "Le dépôt nommé n'a aucune ligne à corriger.",
        "Rien à faire. Pour changer une ligne déjà prise en compte, déposez de nouveau l'état complet.",
    ),
    FindingCode(
        "V08-E",
        B,
        _DEPOSIT,
        "Autre version ou autre date d'état que le dépôt à compléter",
        "Le dépôt partiel n'a pas la même version de contrat ou la même date d'état que le dépôt qu'il complète "
        "(champ {champ}).",
        "Reprenez ces deux champs du manifeste du dépôt à compléter.",
    ),
    FindingCode(
        "QUA-002",
        B,
        _ROW,
        "Ligne qui n'est pas à corriger",
        "Cette ligne n'a pas la clé d'une ligne en quarantaine du dépôt complété : un dépôt partiel n'apporte que des "
        "lignes à corriger.",
        "Retirez cette ligne. Si vous en avez corrigé la clé, nommez la ligne qu'elle remplace dans lignes_remplacees ; "
        "pour changer une ligne déjà prise en compte, déposez de nouveau l'état complet.",
    ),
    FindingCode(
        "QUA-003",
        B,
        _TABLE,
        "Ligne remplacée inconnue",
        "Une ligne nommée dans lignes_remplacees (ligne {numero}) n'est pas en quarantaine dans le dépôt complété.",
        "Vérifiez le numéro : c'est celui de la ligne dans le fichier du dépôt complété, l'en-tête portant le numéro 1.",
    ),
    FindingCode(
        "QUA-004",
        I,
        _TABLE,
        "Lignes de la quarantaine retirées",
        "Lignes nommées dans lignes_remplacees, ou de même clé, et que rien ne remplace : {nombre}. Elles sont retirées "
        "de la quarantaine.",
        "Rien à faire si ces lignes étaient de trop. Sinon, ajoutez-les corrigées dans un nouveau dépôt partiel ou complet.",
    ),
)
