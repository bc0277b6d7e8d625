-- titre: Retard du dépôt en vigueur de chaque centre
-- grain: un centre qui a un dépôt en vigueur
-- unite: trimestre
-- tables: commun.couverture
-- parametres: fin
-- missions: 7
SELECT
    centre_code AS lieu,
    CASE
        WHEN etat = 'reportee' THEN greatest(1, date_diff('quarter', date_etat, CAST($fin AS DATE)))
        ELSE 0
    END AS valeur
FROM commun.couverture
WHERE depot_id IS NOT NULL
