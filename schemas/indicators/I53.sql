-- titre: Part de la population étrangère
-- grain: une commune d'aujourd'hui et une année dont la population étrangère et la population totale sont connues
-- unite: personne
-- tables: commun.stat_locale commun.territoire
-- parametres:
-- missions: 6
WITH population AS (
    SELECT
        commune,
        periode,
        sum(valeur) FILTER (WHERE indicateur_local = 'POPULATION_ETRANGERE') AS etrangere,
        sum(valeur) FILTER (WHERE indicateur_local = 'POPULATION_TOTALE') AS totale
    FROM commun.stat_locale
    WHERE length(periode) = 4 AND modalite IS NULL AND est_entiere
    GROUP BY commune, periode
)
SELECT
    population.periode,
    territoire.centre_code,
    territoire.commune,
    territoire.arrondissement,
    territoire.province,
    population.commune AS unite_id,
    population.etrangere AS numerateur,
    population.totale AS denominateur
FROM population
JOIN commun.territoire AS territoire
    ON territoire.commune = population.commune
WHERE population.etrangere IS NOT NULL AND population.totale IS NOT NULL
