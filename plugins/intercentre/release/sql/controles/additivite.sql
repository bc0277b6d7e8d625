-- titre: dossiers, conventions et attestations dont la somme des centres n'est pas le chiffre de la région
-- grain: un indicateur additif, une période, une dimension, une modalité, où région et centres sont tous communiqués
-- unite: dossiers
-- tables: indicateurs
-- parametres:
-- missions: 7
SELECT indicateur, periode, dimension, modalite
FROM indicateurs
WHERE indicateur IN ('I01', 'I10', 'I21')
    AND territoire_type IN ('region', 'centre')
GROUP BY indicateur, periode, dimension, modalite
HAVING bool_and(statut_secret = 'libre' AND valeur IS NOT NULL)
    AND count(DISTINCT territoire_type) = 2
    AND sum(valeur) FILTER (WHERE territoire_type = 'centre')
        IS DISTINCT FROM sum(valeur) FILTER (WHERE territoire_type = 'region')
ORDER BY ALL
