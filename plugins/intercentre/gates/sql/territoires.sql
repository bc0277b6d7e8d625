-- titre: Écart entre la région et la somme de ses territoires, là où les unités s'additionnent
-- grain: un indicateur, une période, une sorte de territoires et, d'un rapport de deux nombres, l'un et l'autre
-- unite: celle du numérateur ou du dénominateur de l'indicateur
-- tables: observation controle.definition
-- parametres: total
-- missions: 7
WITH nombre AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        '' AS lequel,
        coalesce(numerateur, denominateur, 0) AS nombre
    FROM observation
    WHERE dimension = $total
    UNION ALL
    SELECT
        indicateur,
        periode,
        territoire_type,
        ', dénominateur' AS lequel,
        denominateur AS nombre
    FROM observation
    WHERE dimension = $total AND numerateur IS NOT NULL AND denominateur IS NOT NULL
),
total AS (
    SELECT
        nombre.indicateur,
        nombre.periode,
        nombre.territoire_type,
        nombre.lequel,
        sum(nombre.nombre) AS somme
    FROM nombre
    JOIN controle.definition AS definition
        ON definition.indicateur = nombre.indicateur
    WHERE definition.est_additif
    GROUP BY nombre.indicateur, nombre.periode, nombre.territoire_type, nombre.lequel
)
SELECT
    lieu.indicateur || ', ' || lieu.periode || ', ' || lieu.territoire_type || lieu.lequel AS lieu,
    round(lieu.somme - coalesce(region.somme, 0), 4) AS valeur
FROM total AS lieu
LEFT JOIN total AS region
    ON region.indicateur = lieu.indicateur
    AND region.periode = lieu.periode
    AND region.territoire_type = 'region'
    AND region.lequel = lieu.lequel
WHERE lieu.territoire_type <> 'region'
