-- titre: clés qui nomment plusieurs lignes, ou qui ont une colonne vide
-- grain: une clé
-- unite: clé
-- tables: indicateurs
-- parametres:
-- missions: 7
SELECT indicateur, periode, territoire_type, territoire, dimension, modalite
FROM indicateurs
GROUP BY ALL
HAVING count(*) > 1
    OR indicateur IS NULL
    OR periode IS NULL
    OR territoire_type IS NULL
    OR territoire IS NULL
    OR dimension IS NULL
    OR modalite IS NULL
ORDER BY ALL
