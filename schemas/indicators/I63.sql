-- titre: Équivalents temps plein pour 100 dossiers actifs
-- grain: un centre et une année, son personnel d'accueil et ses dossiers actifs connus
-- unite: équivalent temps plein, et dossier
-- tables: commun.ressources commun.dossier commun.periode commun.periode_couverte
-- parametres:
-- missions: 7
WITH stock AS (
    SELECT
        annee.periode,
        annee.centre_code,
        count(dossier.cle_dossier) / count(DISTINCT trimestre.periode) AS dossiers_actifs
    FROM commun.periode_couverte AS annee
    JOIN commun.periode AS trimestre
        ON trimestre.type = 'T'
        AND trimestre.fin BETWEEN annee.debut AND annee.fin
    LEFT JOIN commun.dossier AS dossier
        ON dossier.centre_code = annee.centre_code
        AND dossier.date_ouverture <= trimestre.fin
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > trimestre.fin)
    WHERE annee.type = 'A'
    GROUP BY annee.periode, annee.centre_code
),
personnel AS (
    SELECT
        centre_code,
        CAST(annee AS VARCHAR) AS periode,
        sum(etp) AS etp
    FROM commun.ressources
    WHERE fonction = 'ACCUEIL_PARCOURS'
    GROUP BY centre_code, annee
)
SELECT
    stock.periode,
    stock.centre_code,
    stock.centre_code || ':' || stock.periode AS unite_id,
    personnel.etp AS numerateur,
    stock.dossiers_actifs AS denominateur
FROM stock
JOIN personnel
    ON personnel.centre_code = stock.centre_code
    AND personnel.periode = stock.periode
