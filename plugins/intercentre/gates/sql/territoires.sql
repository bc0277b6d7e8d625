-- titre: Écart entre la région et la somme de ses territoires, là où les unités s'additionnent
-- grain: un indicateur, une période et une sorte de territoires
-- unite: celle du numérateur de l'indicateur
-- tables: observation controle.definition
-- parametres: total
-- missions: 7
WITH total AS (
    SELECT
        observation.indicateur,
        observation.periode,
        observation.territoire_type,
        sum(coalesce(observation.numerateur, observation.denominateur, 0)) AS somme
    FROM observation
    JOIN controle.definition AS definition
        ON definition.indicateur = observation.indicateur
    WHERE definition.est_additif AND observation.dimension = $total
    GROUP BY observation.indicateur, observation.periode, observation.territoire_type
)
SELECT
    lieu.indicateur || ', ' || lieu.periode || ', ' || lieu.territoire_type AS lieu,
    round(lieu.somme - coalesce(region.somme, 0), 4) AS valeur
FROM total AS lieu
LEFT JOIN total AS region
    ON region.indicateur = lieu.indicateur
    AND region.periode = lieu.periode
    AND region.territoire_type = 'region'
WHERE lieu.territoire_type <> 'region'
