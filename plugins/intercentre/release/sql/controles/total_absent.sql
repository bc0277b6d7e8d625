-- titre: ventilations d'un territoire dont le total n'est pas dans la publication
-- grain: un indicateur, une période, un territoire
-- unite: territoire
-- tables: indicateurs
-- parametres:
-- missions: 7
SELECT indicateur, periode, territoire_type, territoire
FROM indicateurs
GROUP BY indicateur, periode, territoire_type, territoire
HAVING NOT bool_or(dimension = '_T')
ORDER BY ALL
