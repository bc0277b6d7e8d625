-- titre: Règle d'additivité : somme des centres, moins les doubles comptes, égale la région
-- grain: une période
-- unite: personne
-- tables: observation
-- parametres: total
-- missions: 7
-- cle: periode
WITH total AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        valeur,
        numerateur
    FROM observation
    WHERE indicateur IN ('I02', 'I54') AND dimension = $total
)
SELECT
    periode,
    CAST(coalesce(sum(valeur) FILTER (WHERE indicateur = 'I02' AND territoire_type = 'centre'), 0) AS BIGINT)
        AS somme_centres,
    CAST(coalesce(sum(numerateur) FILTER (WHERE indicateur = 'I54'), 0) AS BIGINT) AS doublons,
    CAST(coalesce(sum(valeur) FILTER (WHERE indicateur = 'I02' AND territoire_type = 'region'), 0) AS BIGINT)
        AS region
FROM total
GROUP BY periode
HAVING count(*) FILTER (WHERE indicateur = 'I02' AND territoire_type = 'region') > 0
