-- titre: Complétude
-- grain: un champ d'une table et un mois, dans un centre et une période qui en ont assez de lignes
-- unite: cellule
-- tables: commun.completude commun.periode_couverte
-- parametres:
-- missions: 7 1c
WITH mesure AS (
    SELECT
        periode_couverte.periode,
        completude.centre_code,
        completude.table_nom,
        completude.champ,
        completude.mois,
        completude.attendues,
        completude.remplies,
        sum(completude.attendues) OVER (
            PARTITION BY periode_couverte.periode, completude.centre_code, completude.table_nom, completude.champ
        ) AS lignes
    FROM commun.completude AS completude
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = completude.centre_code
        AND CAST(completude.mois || '-01' AS DATE) BETWEEN periode_couverte.debut AND periode_couverte.fin
)
SELECT
    periode,
    centre_code,
    table_nom,
    table_nom || '-' || champ AS champ,
    centre_code || ':' || table_nom || ':' || champ || ':' || mois AS unite_id,
    remplies AS numerateur,
    attendues AS denominateur
FROM mesure
WHERE lignes >= 20
