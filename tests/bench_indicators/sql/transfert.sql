-- titre: Transferts déposés : le même numéro de dossier se retrouve dans le centre voisin
-- grain: un côté d'un transfert
-- unite: transfert
-- tables: vie
-- parametres: rang centres
-- missions: 7
WITH mouvement AS (
    SELECT
        numero,
        dossier_id,
        CASE WHEN numero % 2 = $rang % 2 THEN 'SORTANT' ELSE 'ENTRANT' END AS sens
    FROM vie
    WHERE numero % 50 < 2
)
SELECT
    row_number() OVER () + 1 AS ligne,
    'X' || dossier_id AS transfert_id,
    sens,
    dossier_id,
    CASE WHEN $rang % 2 = 0 THEN $centres[$rang + 2] ELSE $centres[$rang] END AS centre_contrepartie,
    dossier_id AS dossier_contrepartie,
    DATE '2021-06-01' + CAST(numero % 1800 AS INTEGER) AS date_demande,
    DATE '2021-06-11' + CAST(numero % 1800 AS INTEGER) AS date_effet,
    'EFFECTIF' AS statut,
    NULL AS heures_reprises_fle,
    NULL AS heures_reprises_cit
FROM mouvement
