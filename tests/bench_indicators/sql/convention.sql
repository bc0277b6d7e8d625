-- titre: Conventions déposées
-- grain: une convention d'un dossier
-- unite: convention
-- tables: vie
-- parametres:
-- missions: 1a
SELECT
    row_number() OVER () + 1 AS ligne,
    'C' || dossier_id AS convention_id,
    dossier_id,
    date_convention AS date_signature,
    date_convention + 548 AS date_echeance,
    CASE WHEN hasard(cle, 70) < 0.1 THEN date_convention + 700 END AS date_echeance_prolongee,
    CASE WHEN hasard(cle, 70) < 0.1 THEN 'TRAVAIL' END AS motif_prolongation,
    hasard(cle, 71) < 0.8 AS fle_prescrit,
    CASE WHEN hasard(cle, 71) < 0.8 THEN 400 ELSE 0 END AS heures_fle_prescrites,
    hasard(cle, 72) < 0.8 AS cit_prescrite,
    CASE WHEN hasard(cle, 72) < 0.8 THEN 60 ELSE 0 END AS heures_cit_prescrites,
    hasard(cle, 73) < 0.3 AS isp_prescrite,
    CASE WHEN hasard(cle, 73) < 0.3 THEN 4 END AS heures_isp_prescrites,
    CASE WHEN NOT est_clos THEN 'EN_COURS' WHEN est_atteste THEN 'HONOREE' ELSE 'NON_HONOREE' END AS statut,
    CASE WHEN est_clos THEN date_fin ELSE date_convention END AS date_statut,
    0 AS avenant
FROM vie
WHERE date_convention IS NOT NULL
