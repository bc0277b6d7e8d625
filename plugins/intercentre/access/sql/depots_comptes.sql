-- titre: Dépôts des centres comptés dans un chiffre : leur réponse y entre, fût-elle zéro
-- grain: un centre qui décrit toute la période, dans les tables que l'indicateur demande
-- unite: dépôt
-- tables: commun.couverture commun.periode_couverte commun.table_deposee
-- parametres: periode territoire_type territoire tables_requises tables_completes recul_jours
-- missions: 7
-- cle: depot_id
SELECT couverture.depot_id
FROM commun.couverture AS couverture
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = couverture.centre_code
    AND periode_couverte.periode = $periode
LEFT JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = couverture.centre_code
    AND list_contains($tables_requises, table_deposee.table_nom)
WHERE ($territoire_type <> 'centre' OR couverture.centre_code = $territoire)
    AND couverture.debut_historique <= periode_couverte.fin - $recul_jours
    AND NOT EXISTS (
        SELECT 1
        FROM commun.table_deposee AS tardive
        WHERE tardive.centre_code = couverture.centre_code
            AND list_contains($tables_completes, tardive.table_nom)
            AND tardive.debut_historique > periode_couverte.debut
    )
GROUP BY couverture.depot_id
HAVING count(table_deposee.table_nom) = len($tables_requises)
