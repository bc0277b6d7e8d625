-- titre: Dossiers d'un centre, tirés au sort, avec les dates dont leurs événements découlent
-- grain: un dossier
-- unite: dossier
-- tables: commune
-- parametres: nombre rang
-- missions: 1a
WITH tirage AS (
    SELECT
        range AS numero,
        range * 8 + $rang AS cle
    FROM range($nombre)
),
ouverture AS (
    SELECT
        numero,
        cle,
        DATE '2021-01-01' + CAST(floor(hasard(cle, 1) * 2094) AS INTEGER) AS date_ouverture
    FROM tirage
),
date_de AS (
    SELECT
        numero,
        cle,
        date_ouverture,
        date_ouverture - CAST(floor(hasard(cle, 2) * 60) AS INTEGER) AS date_premier_contact,
        date_ouverture + CAST(floor(hasard(cle, 3) * 120) AS INTEGER) AS date_convention,
        date_ouverture + 200 + CAST(floor(hasard(cle, 4) * 700) AS INTEGER) AS date_fin
    FROM ouverture
)
SELECT
    date_de.numero,
    date_de.cle,
    'D' || date_de.numero AS dossier_id,
    date_de.date_premier_contact,
    date_de.date_ouverture,
    date_de.date_fin,
    CASE WHEN hasard(date_de.cle, 5) < 0.75 AND date_de.date_convention <= DATE '2026-09-30' THEN date_de.date_convention
    END AS date_convention,
    hasard(date_de.cle, 6) < 0.8 AND date_de.date_fin <= DATE '2026-09-30' AS est_clos,
    hasard(date_de.cle, 7) < 0.45 AS est_oblige,
    hasard(date_de.cle, 8) < 0.6 AS est_atteste,
    commune.code AS commune_refnis
FROM date_de
JOIN commune
    ON commune.rang = CAST(floor(hasard(date_de.cle, 9) * (SELECT count(*) FROM commune)) AS INTEGER)
