-- titre: Dossiers accompagnés pendant un trimestre ou une année, et le jour de leur dernier événement
-- grain: un dossier qui a un événement au moins pendant un trimestre ou une année, couverts ou non
-- unite: dossier
-- tables: commun.evenement
-- parametres:
-- missions: 1a 1c
-- cle: type debut cle_dossier
WITH trimestre AS (
    SELECT
        centre_code,
        cle_dossier,
        CAST(date_trunc('quarter', date) AS DATE) AS debut,
        max(date) AS derniere_date
    FROM commun.evenement
    GROUP BY centre_code, cle_dossier, CAST(date_trunc('quarter', date) AS DATE)
)
SELECT
    centre_code,
    cle_dossier,
    'T' AS type,
    debut,
    derniere_date
FROM trimestre
UNION ALL
SELECT
    centre_code,
    cle_dossier,
    'A' AS type,
    CAST(date_trunc('year', debut) AS DATE) AS debut,
    max(derniere_date) AS derniere_date
FROM trimestre
GROUP BY centre_code, cle_dossier, CAST(date_trunc('year', debut) AS DATE)
