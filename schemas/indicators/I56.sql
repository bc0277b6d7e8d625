-- titre: Perte au transfert
-- grain: un transfert sortant effectif de la période
-- unite: transfert
-- tables: commun.transfert commun.appariement_transfert commun.evenement commun.couverture commun.table_deposee commun.periode_couverte
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
paire AS (
    SELECT
        cle_sortant,
        centre_entrant,
        min(cle_entrant) AS cle_entrant
    FROM commun.appariement_transfert
    WHERE etat = 'paire'
    GROUP BY cle_sortant, centre_entrant
),
premier_evenement AS (
    SELECT
        cle_dossier,
        min(date) AS date
    FROM commun.evenement
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    CASE WHEN paire.cle_entrant IS NULL THEN 'SEUL' ELSE 'PAIRE' END AS appariement,
    transfert.centre_code || ':' || transfert.transfert_id AS unite_id,
    CAST(
        NOT coalesce(premier_evenement.date <= transfert.date_effet + 90, false) AS INTEGER
    ) AS numerateur,
    1 AS denominateur,
    coalesce(
        transfert.date_effet + 90 <= arrivee.date_etat AND arrivee.debut_historique <= transfert.date_effet,
        false
    ) AS est_mur
FROM commun.transfert AS transfert
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = transfert.centre_code
    AND transfert.date_effet BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN arrivee
    ON arrivee.centre_code = transfert.centre_contrepartie
LEFT JOIN paire
    ON paire.cle_sortant = transfert.cle_dossier
    AND paire.centre_entrant = transfert.centre_contrepartie
LEFT JOIN premier_evenement
    ON premier_evenement.cle_dossier = paire.cle_entrant
WHERE transfert.sens = 'SORTANT'
    AND transfert.statut = 'EFFECTIF'
    AND transfert.centre_contrepartie <> transfert.centre_code
