-- titre: Transferts non appariés
-- grain: un transfert sortant de la période, ni refusé ni annulé
-- unite: transfert
-- tables: commun.transfert commun.appariement_transfert commun.couverture commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 7
WITH arrivee AS (
    SELECT
        couverture.centre_code,
        couverture.date_etat,
        couverture.debut_historique
    FROM commun.couverture AS couverture
    JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = couverture.centre_code
        AND table_deposee.table_nom = 'transfert'
),
sortant AS (
    SELECT
        transfert.centre_code,
        transfert.centre_contrepartie,
        transfert.transfert_id,
        transfert.cle_dossier,
        transfert.date_etat,
        coalesce(transfert.date_effet, transfert.date_demande) AS date_repere
    FROM commun.transfert AS transfert
    WHERE transfert.sens = 'SORTANT'
        AND transfert.statut NOT IN ('REFUSE', 'ANNULE')
        AND transfert.centre_contrepartie <> transfert.centre_code
)
SELECT
    periode_couverte.periode,
    sortant.centre_code,
    sortant.centre_contrepartie AS centre_entrant,
    sortant.centre_code || ':' || sortant.transfert_id AS unite_id,
    CAST(NOT EXISTS (
        SELECT 1
        FROM commun.appariement_transfert AS appariement
        WHERE appariement.cle_sortant = sortant.cle_dossier
            AND appariement.centre_entrant = sortant.centre_contrepartie
            AND appariement.etat = 'paire'
    ) AS INTEGER) AS numerateur,
    1 AS denominateur,
    coalesce(
        sortant.date_repere + 60 <= sortant.date_etat
        AND sortant.date_repere + 60 <= arrivee.date_etat
        AND arrivee.debut_historique <= sortant.date_repere,
        false
    ) AS est_mur
FROM sortant
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = sortant.centre_code
    AND sortant.date_repere BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN arrivee
    ON arrivee.centre_code = sortant.centre_contrepartie
