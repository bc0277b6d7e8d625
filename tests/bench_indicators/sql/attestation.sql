-- titre: Attestations déposées
-- grain: une attestation d'un dossier
-- unite: attestation
-- tables: vie
-- parametres:
-- missions: 1a
WITH type AS (
    SELECT
        cle,
        dossier_id,
        date_ouverture + 80 AS date_delivrance,
        'MODULE_ACCUEIL' AS type
    FROM vie
    WHERE hasard(cle, 170) < 0.8
    UNION ALL
    SELECT
        cle,
        dossier_id,
        date_fin AS date_delivrance,
        unnest(['FREQUENTATION_PARCOURS', 'CITOYENNETE']) AS type
    FROM vie
    WHERE est_atteste AND est_clos
)
SELECT
    row_number() OVER () + 1 AS ligne,
    'A' || dossier_id || type AS attestation_id,
    dossier_id,
    NULL AS convention_id,
    type,
    date_delivrance,
    NULL AS transmise_commune,
    NULL AS transmise_cpas,
    NULL AS remplace_attestation_id
FROM type
WHERE date_delivrance <= DATE '2026-09-30'
