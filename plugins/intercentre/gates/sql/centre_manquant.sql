-- titre: Centres sans aucun dépôt en vigueur
-- grain: un centre
-- unite: dépôt manquant
-- tables: commun.couverture
-- parametres:
-- missions: 7
SELECT
    centre_code AS lieu,
    CASE WHEN etat = 'manquante' THEN 1 ELSE 0 END AS valeur
FROM commun.couverture
