-- titre: Centres comptés, reportés et manquants de chaque période publiée, et ruptures de la série
-- grain: une période
-- unite: centre
-- tables: indicateurs
-- parametres: couverture
-- missions: 7
-- cle: periode
SELECT
    periode,
    array_to_string(centres_presents, ';') AS centres_presents,
    array_to_string(centres_reportes, ';') AS centres_reportes,
    array_to_string(centres_manquants, ';') AS centres_manquants,
    array_to_string(ruptures, ';') AS ruptures
FROM read_parquet($couverture)
WHERE periode IN (SELECT periode FROM indicateurs)
