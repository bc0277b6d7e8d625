-- titre: Lignes de couverture de chaque centre
-- grain: un centre
-- unite: ligne
-- tables: controle.centre commun.couverture
-- parametres:
-- missions: 7
SELECT
    centre.centre_code AS lieu,
    count(couverture.centre_code) AS valeur
FROM controle.centre AS centre
LEFT JOIN commun.couverture AS couverture
    ON couverture.centre_code = centre.centre_code
GROUP BY centre.centre_code
