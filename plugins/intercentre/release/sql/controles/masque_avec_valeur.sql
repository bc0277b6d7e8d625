-- titre: lignes masquées qui disent encore quelque chose
-- grain: un chiffre
-- unite: chiffre
-- tables: indicateurs
-- parametres:
-- missions: 7
SELECT indicateur, periode, territoire_type, territoire, dimension, modalite
FROM indicateurs
WHERE statut_secret = 'masque'
    AND (valeur IS NOT NULL OR numerateur IS NOT NULL OR denominateur IS NOT NULL)
ORDER BY ALL
