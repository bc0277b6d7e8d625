-- titre: Totaux qui ne sont pas la somme de leurs parts
-- grain: un indicateur, une période, un lieu et une dimension
-- unite: désaccord
-- tables: observation
-- parametres: total attente additifs du_total
-- missions: 7
WITH total AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        round(coalesce(numerateur, denominateur, 0), 6) AS somme,
        round(coalesce(denominateur, 0), 6) AS denominateur
    FROM observation
    WHERE dimension = $total
),
par_modalite AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        dimension,
        round(sum(coalesce(numerateur, denominateur, 0)), 6) AS somme,
        round(
            CASE
                WHEN list_contains($du_total, indicateur || ' ' || dimension) THEN max(denominateur)
                ELSE sum(denominateur)
            END, 6
        ) AS denominateur
    FROM observation
    WHERE dimension NOT IN ($total, $attente)  -- who waits still is no part of those whose wait is over
    GROUP BY indicateur, periode, territoire_type, territoire, dimension
),
par_lieu AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        round(sum(somme), 6) AS somme,
        round(sum(denominateur), 6) AS denominateur
    FROM total
    WHERE territoire_type <> 'region' AND list_contains($additifs, indicateur)
    GROUP BY indicateur, periode, territoire_type
)
SELECT
    par_modalite.indicateur,
    par_modalite.periode,
    par_modalite.territoire_type,
    par_modalite.dimension
FROM par_modalite
LEFT JOIN total USING (indicateur, periode, territoire_type, territoire)
WHERE round(total.somme, 6) IS DISTINCT FROM round(par_modalite.somme, 6)
    OR round(total.denominateur, 6) <> round(coalesce(par_modalite.denominateur, 0), 6)
UNION ALL
SELECT
    par_lieu.indicateur,
    par_lieu.periode,
    par_lieu.territoire_type,
    $total AS dimension
FROM par_lieu
LEFT JOIN total
    ON total.indicateur = par_lieu.indicateur
    AND total.periode = par_lieu.periode
    AND total.territoire_type = 'region'
WHERE round(total.somme, 6) IS DISTINCT FROM round(par_lieu.somme, 6)
    OR round(total.denominateur, 6) <> round(par_lieu.denominateur, 6)
