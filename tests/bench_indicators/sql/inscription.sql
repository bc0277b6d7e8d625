-- titre: Inscriptions déposées, deux par dossier en moyenne
-- grain: une inscription d'un dossier
-- unite: inscription
-- tables: vie
-- parametres: sessions
-- missions: 1a 1d
WITH axe AS (
    SELECT
        cle,
        dossier_id,
        date_ouverture,
        date_convention,
        unnest(['FLE', 'ALPHA', 'CITOYENNETE', 'ISP']) AS axe,
        unnest([0, 1, 2, 3]) AS ordre,
        unnest([0.75, 0.25, 0.6, 0.4]) AS part
    FROM vie
),
orientee AS (
    SELECT
        cle,
        dossier_id,
        date_convention,
        axe,
        ordre,
        date_ouverture + 30 + CAST(floor(hasard(cle, 80 + ordre) * 90) AS INTEGER) AS date_orientation,
        hasard(cle, 90 + ordre) AS sort
    FROM axe
    WHERE hasard(cle, 100 + ordre) < part
),
datee AS (
    SELECT
        cle,
        dossier_id,
        date_convention,
        axe,
        ordre,
        date_orientation,
        sort,
        date_orientation + CAST(floor(hasard(cle, 110 + ordre) * 80) AS INTEGER) AS debut,
        debut + 60 + CAST(floor(hasard(cle, 120 + ordre) * 300) AS INTEGER) AS fin
    FROM orientee
    WHERE date_orientation <= DATE '2026-09-30'
),
statuee AS (
    SELECT
        cle,
        dossier_id,
        date_convention,
        axe,
        ordre,
        date_orientation,
        debut,
        fin,
        sort,
        CASE
            WHEN debut > DATE '2026-09-30' THEN 'ATTENTE'
            WHEN sort < 0.08 THEN 'NON_PRESENTE'
            WHEN fin > DATE '2026-09-30' THEN 'EN_COURS'
            WHEN sort < 0.25 THEN 'ABANDON'
            ELSE 'TERMINE'
        END AS statut
    FROM datee
)
SELECT
    row_number() OVER () + 1 AS ligne,
    'I' || dossier_id || axe AS inscription_id,
    dossier_id,
    CASE WHEN date_convention <= date_orientation THEN 'C' || dossier_id END AS convention_id,
    axe,
    'O' || CAST(floor(hasard(cle, 130 + ordre) * 60) AS INTEGER) AS operateur_id,
    'S' || CAST(floor(hasard(cle, 140 + ordre) * $sessions) AS INTEGER) AS session_id,
    date_orientation,
    date_orientation AS date_entree_attente,
    CASE WHEN statut <> 'ATTENTE' THEN debut END AS date_debut,
    CASE WHEN statut IN ('TERMINE', 'ABANDON') THEN fin END AS date_fin,
    CASE axe WHEN 'FLE' THEN 400 WHEN 'ALPHA' THEN 400 WHEN 'CITOYENNETE' THEN 60 ELSE 4 END AS heures_prevues,
    CASE
        WHEN statut IN ('EN_COURS', 'TERMINE', 'ABANDON') THEN round(heures_prevues * hasard(cle, 150 + ordre), 1)
        ELSE 0
    END AS heures_suivies,
    statut,
    CASE WHEN statut = 'ABANDON' THEN un_parmi(['EMPLOI', 'GARDE_ENFANTS', 'HORAIRE', 'INC'], hasard(cle, 160)) END
        AS motif_abandon
FROM statuee
