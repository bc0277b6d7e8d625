-- titre: Chiffres hors de l'étendue de leur unité
-- grain: un indicateur et une période
-- unite: chiffre
-- tables: observation controle.definition
-- parametres:
-- missions: 7
SELECT
    observation.indicateur || ', ' || observation.periode AS lieu,
    count(*) FILTER (
        WHERE observation.valeur < definition.minimum
            OR observation.valeur > definition.maximum
            OR isnan(observation.valeur)
            OR isinf(observation.valeur)
    ) AS valeur
FROM observation
JOIN controle.definition AS definition
    ON definition.indicateur = observation.indicateur
GROUP BY observation.indicateur, observation.periode
