-- titre: Périodes où une table nécessaire à l'indicateur n'est pas encore complète chez un centre
-- grain: un indicateur, une période et un centre
-- unite: centre
-- tables: definition commun.periode commun.periode_couverte commun.table_deposee
-- parametres:
-- missions: 7
-- cle: indicateur periode centre_code
SELECT DISTINCT
    definition.indicateur,
    periode.periode,
    table_deposee.centre_code
FROM definition
JOIN commun.table_deposee AS table_deposee
    ON list_contains(definition.tables_completes, table_deposee.table_nom)
JOIN commun.periode AS periode
    ON list_contains(definition.types, periode.type)
    AND periode.debut < table_deposee.debut_historique
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.periode = periode.periode
    AND periode_couverte.centre_code = table_deposee.centre_code
