-- titre: Totaux de la dernière publication qui n'y sont plus
-- grain: un indicateur et une période de la dernière publication
-- unite: chiffre
-- tables: controle.precedente observation
-- parametres: total
-- missions: 7
SELECT
    precedente.indicateur || ', ' || precedente.periode AS lieu,
    count(*) - count(observation.indicateur) AS valeur
FROM controle.precedente AS precedente
LEFT JOIN observation
    ON observation.indicateur = precedente.indicateur
    AND observation.periode = precedente.periode
    AND observation.territoire_type = precedente.territoire_type
    AND observation.territoire = precedente.territoire
    AND observation.dimension = $total
WHERE precedente.dimension = $total AND precedente.territoire_type IN ('region', 'centre')
GROUP BY precedente.indicateur, precedente.periode
