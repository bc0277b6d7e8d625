-- titre: lignes dont un code est hors de sa liste
-- grain: un chiffre
-- unite: chiffre
-- tables: indicateurs
-- parametres:
-- missions: 7
SELECT indicateur, periode, territoire_type, territoire, dimension, modalite
FROM indicateurs
WHERE coalesce(statut_secret NOT IN ('libre', 'masque'), TRUE)
    OR coalesce(statut_obs NOT IN ('provisoire', 'definitif', 'revise'), TRUE)
    OR coalesce(territoire_type NOT IN ('region', 'province', 'arrondissement', 'centre', 'commune'), TRUE)
    OR coalesce(NOT regexp_full_match(couverture, '[0-9]+/[0-9]+'), TRUE)
    OR (dimension = '_T') <> (modalite = '_T')
ORDER BY ALL
