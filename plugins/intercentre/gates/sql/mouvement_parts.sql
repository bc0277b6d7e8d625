-- titre: Écart des parts avec la dernière publication
-- grain: un total de la région ou d'un centre, communiqué et d'une même version de définition
-- unite: point de pour cent
-- tables: observation controle.precedente controle.definition
-- parametres: total nombre_min
-- missions: 7
SELECT
    observation.indicateur || ', ' || observation.periode || ', ' || observation.territoire AS lieu,
    round(observation.valeur - precedente.valeur, 1) AS valeur
FROM observation
JOIN controle.definition AS definition
    ON definition.indicateur = observation.indicateur
JOIN controle.precedente AS precedente
    ON precedente.indicateur = observation.indicateur
    AND precedente.periode = observation.periode
    AND precedente.territoire_type = observation.territoire_type
    AND precedente.territoire = observation.territoire
    AND precedente.version_definition = observation.version_definition
WHERE observation.dimension = $total
    AND precedente.dimension = $total
    AND observation.territoire_type IN ('region', 'centre')
    AND observation.valeur IS NOT NULL
    AND precedente.valeur IS NOT NULL
    AND precedente.denominateur >= $nombre_min
    AND definition.unite = '%'
