-- titre: Étapes d'accueil déposées, trois ou quatre par dossier
-- grain: une étape d'un dossier
-- unite: étape
-- tables: vie
-- parametres:
-- missions: 1a
WITH etape AS (
    SELECT
        vie.cle,
        vie.dossier_id,
        unnest(['INFO_DROITS_DEVOIRS', 'BILAN_SOCIAL', 'TEST_POSITIONNEMENT', 'AIDE_ADMINISTRATIVE']) AS type_etape,
        unnest([0, 1, 2, 3]) AS ordre,
        vie.date_ouverture
    FROM vie
),
datee AS (
    SELECT
        dossier_id,
        type_etape,
        ordre,
        cle,
        date_ouverture + ordre * 12 + CAST(floor(hasard(cle, 30 + ordre) * 60) AS INTEGER) AS date,
        hasard(cle, 40 + ordre) < 0.3 AS interprete
    FROM etape
    WHERE hasard(cle, 50 + ordre) < 0.83
)
SELECT
    row_number() OVER () + 1 AS ligne,
    dossier_id,
    type_etape,
    1 AS rang,
    date,
    'INDIVIDUEL' AS modalite,
    60 AS duree_minutes,
    interprete,
    CASE WHEN interprete THEN un_parmi(['ara', 'ary', 'ukr', 'tur', 'lin', 'prs'], hasard(cle, 22)) END
        AS langue_interpretee
FROM datee
WHERE date <= DATE '2026-09-30'
