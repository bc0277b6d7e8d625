-- titre: Tests de français déposés : un à l'entrée, un sur trois à la sortie
-- grain: un test d'un dossier
-- unite: test
-- tables: vie
-- parametres:
-- missions: 1a
WITH test AS (
    SELECT
        cle,
        dossier_id,
        date_ouverture + 20 AS date,
        'POSITIONNEMENT' AS nature,
        'E' AS marque
    FROM vie
    WHERE hasard(cle, 60) < 0.9
    UNION ALL
    SELECT
        cle,
        dossier_id,
        date_fin AS date,
        CASE WHEN hasard(cle, 61) < 0.5 THEN 'VALIDATION' ELSE 'SORTIE' END AS nature,
        'S' AS marque
    FROM vie
    WHERE hasard(cle, 62) < 0.5 AND est_clos
)
SELECT
    row_number() OVER () + 1 AS ligne,
    'T' || dossier_id || marque AS test_id,
    dossier_id,
    date,
    nature,
    un_parmi(['ALPHA', 'FLE_BASE', 'FLE'], hasard(cle, 63)) AS profil,
    NULL AS co,
    NULL AS ce,
    NULL AS po,
    NULL AS pe,
    un_parmi(CASE WHEN marque = 'E' THEN ['A1.1', 'A1', 'A2'] ELSE ['A1', 'A2', 'B1'] END, hasard(cle, 64))
        AS niveau_global,
    'POS-2020' AS instrument,
    CASE WHEN nature = 'VALIDATION' THEN true END AS reussi
FROM test
WHERE date <= DATE '2026-09-30'
