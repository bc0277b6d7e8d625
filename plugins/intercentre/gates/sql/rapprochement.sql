-- titre: Lignes préparées et lignes communes, par table et par dépôt
-- grain: une table d'un dépôt en vigueur
-- unite: ligne
-- tables: controle.lignes
-- parametres:
-- missions: 7
SELECT
    table_nom || ', ' || centre_code || ' (' || depot_id || ')' AS lieu,
    CASE
        WHEN est_choisie THEN greatest(communes - preparees, 0)  -- one source of a figure is kept, see chiffres_locaux
        ELSE communes - preparees
    END AS valeur
FROM controle.lignes
