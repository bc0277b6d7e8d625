-- titre: Retard du dépôt en vigueur de chaque centre
-- grain: un centre qui a un dépôt en vigueur
-- unite: trimestre
-- tables: commun.couverture
-- parametres: fin
-- missions: 7
SELECT
    centre_code AS lieu,
    CASE
        WHEN etat = 'reportee'
            THEN date_diff(
                'quarter',
                make_date(CAST(periode_depot[1:4] AS INTEGER), 3 * CAST(periode_depot[7:7] AS INTEGER), 1),
                CAST($fin AS DATE)
            )
        ELSE 0
    END AS valeur
FROM commun.couverture
WHERE depot_id IS NOT NULL
