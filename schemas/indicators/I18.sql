-- titre: Progression en français
-- grain: un dossier positionné qui passe un test de validation ou de sortie pendant la période
-- unite: niveau
-- tables: commun.test_langue commun.niveau commun.periode_couverte
-- parametres:
-- missions: 1a
WITH entree AS (
    SELECT
        cle_dossier,
        min(date) AS date_entree,
        arg_min(niveau_global, (date, test_id)) AS niveau_entree
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY cle_dossier
),
sortie AS (
    SELECT
        periode_couverte.periode,
        test_langue.centre_code,
        test_langue.cle_dossier,
        max(test_langue.date) AS date_sortie,
        arg_max(niveau.rang, (test_langue.date, niveau.rang)) AS rang_sortie
    FROM commun.test_langue AS test_langue
    JOIN commun.niveau AS niveau
        ON niveau.niveau = test_langue.niveau_global
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = test_langue.centre_code
        AND test_langue.date BETWEEN periode_couverte.debut AND periode_couverte.fin
    WHERE test_langue.nature IN ('VALIDATION', 'SORTIE')
    GROUP BY periode_couverte.periode, test_langue.centre_code, test_langue.cle_dossier
)
SELECT
    sortie.periode,
    sortie.centre_code,
    entree.niveau_entree,
    sortie.cle_dossier AS unite_id,
    sortie.rang_sortie - rang_entree.rang AS valeur
FROM sortie
JOIN entree
    ON entree.cle_dossier = sortie.cle_dossier
JOIN commun.niveau AS rang_entree
    ON rang_entree.niveau = entree.niveau_entree
WHERE entree.date_entree <= sortie.date_sortie
