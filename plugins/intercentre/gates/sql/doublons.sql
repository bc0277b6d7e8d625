-- titre: Lignes de trop pour une même clé, par table commune
-- grain: une table commune
-- unite: ligne
-- tables: controle.cles
-- parametres:
-- missions: 7
SELECT
    table_nom AS lieu,
    lignes - cles AS valeur
FROM controle.cles
