-- titre: Transferts entre deux centres qui ont déposé les leurs, et ceux qui ne concordent pas
-- grain: une paire de centres
-- unite: transfert
-- tables: commun.appariement_transfert commun.couverture commun.table_deposee
-- parametres: debut fin
-- missions: 7
WITH declarant AS (
    SELECT couverture.centre_code
    FROM commun.couverture AS couverture
    JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = couverture.centre_code
        AND table_deposee.table_nom = 'transfert'
    WHERE couverture.date_etat >= $fin AND couverture.debut_historique <= $debut
)
SELECT
    least(centre_sortant, centre_entrant) AS centre,
    greatest(centre_sortant, centre_entrant) AS autre,
    count(*) FILTER (WHERE etat <> 'paire') AS sans_reponse,
    count(*) AS total
FROM commun.appariement_transfert
WHERE date_effet BETWEEN $debut AND $fin
    AND centre_sortant IN (SELECT centre_code FROM declarant)
    AND centre_entrant IN (SELECT centre_code FROM declarant)
GROUP BY centre, autre
ORDER BY centre, autre
