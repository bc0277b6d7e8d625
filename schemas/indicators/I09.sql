-- titre: Module d'accueil complet
-- grain: un dossier ouvert pendant la période, hors transferts entrants
-- unite: dossier
-- tables: commun.dossier commun.etape_accueil commun.transfert commun.periode_couverte
-- parametres:
-- missions: 1a
WITH premiere_etape AS (
    SELECT
        cle_dossier,
        type_etape,
        min(date) AS date_etape
    FROM commun.etape_accueil
    WHERE type_etape IN ('INFO_DROITS_DEVOIRS', 'BILAN_SOCIAL', 'TEST_POSITIONNEMENT')
    GROUP BY cle_dossier, type_etape
),
module AS (
    SELECT
        cle_dossier,
        count(*) AS etapes,
        max(date_etape) AS date_derniere
    FROM premiere_etape
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.cle_dossier AS unite_id,
    CAST(
        coalesce(module.etapes = 3 AND module.date_derniere - dossier.date_ouverture <= 90, false) AS INTEGER
    ) AS numerateur,
    1 AS denominateur,
    dossier.date_etat - dossier.date_ouverture >= 90 AS est_mur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN module
    ON module.cle_dossier = dossier.cle_dossier
WHERE NOT EXISTS (
    SELECT 1
    FROM commun.transfert AS transfert
    WHERE transfert.cle_dossier = dossier.cle_dossier
        AND transfert.sens = 'ENTRANT'
        AND transfert.statut = 'EFFECTIF'
)
