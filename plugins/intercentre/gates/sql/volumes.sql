-- titre: Évolution du nombre de lignes depuis les tables communes de la période précédente
-- grain: une table d'un centre, présente dans les deux périodes
-- unite: pour cent
-- tables: controle.lignes controle.lignes_avant
-- parametres: lignes_min
-- missions: 7
SELECT
    lignes.table_nom || ', ' || lignes.centre_code AS lieu,
    round(100.0 * (sum(lignes.communes) - max(avant.communes)) / max(avant.communes), 1) AS valeur
FROM controle.lignes AS lignes
JOIN controle.lignes_avant AS avant
    ON avant.table_nom = lignes.table_nom
    AND avant.centre_code = lignes.centre_code
WHERE avant.communes >= $lignes_min
GROUP BY lignes.table_nom, lignes.centre_code
