-- titre: Personnes distinctes de la région, entre les bornes de ce que l'appariement ne peut pas savoir
-- grain: une période
-- unite: personne
-- tables: additivite observation doublon_possible
-- parametres: total
-- missions: 7
-- cle: periode
WITH plus_grand AS (
    SELECT
        periode,
        CAST(max(valeur) AS BIGINT) AS personnes
    FROM observation
    WHERE indicateur = 'I02'
        AND territoire_type = 'centre'
        AND dimension = $total
    GROUP BY periode
)
SELECT
    additivite.periode,
    additivite.somme_centres,
    additivite.doublons AS doublons_trouves,
    additivite.region,
    greatest(
        additivite.region - coalesce(doublon_possible.doublons, 0),
        coalesce(plus_grand.personnes, 0)
    ) AS borne_basse,
    additivite.region AS borne_haute
FROM additivite
LEFT JOIN doublon_possible
    ON doublon_possible.periode = additivite.periode
LEFT JOIN plus_grand
    ON plus_grand.periode = additivite.periode
