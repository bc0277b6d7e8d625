-- titre: Transferts que deux centres ont à régler ensemble
-- grain: une contradiction, ou un côté seul que l'autre centre aurait dû déclarer, vu par l'un des deux centres
-- unite: transfert
-- tables: commun.appariement_transfert commun.couverture commun.table_deposee reference.seuil
-- parametres:
-- missions: 7
WITH deposant AS (
    SELECT
        couverture.centre_code,
        couverture.date_etat,
        couverture.debut_historique
    FROM commun.couverture AS couverture
    JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = couverture.centre_code
        AND table_deposee.table_nom = 'transfert'
),
seul AS (
    SELECT
        etat,
        CASE etat WHEN 'sortant_seul' THEN centre_sortant ELSE centre_entrant END AS centre,
        CASE etat WHEN 'sortant_seul' THEN centre_entrant ELSE centre_sortant END AS autre_centre,
        CASE etat WHEN 'sortant_seul' THEN cle_sortant ELSE cle_entrant END AS cle,
        cle_nommee AS autre_cle,
        date_repere
    FROM commun.appariement_transfert
    WHERE etat IN ('sortant_seul', 'entrant_seul')
),
cas AS (
    SELECT
        contradiction AS motif,
        centre_sortant AS centre,
        centre_entrant AS autre_centre,
        cle_sortant AS cle,
        cle_entrant AS autre_cle
    FROM commun.appariement_transfert
    WHERE etat = 'contradictoire'
    UNION ALL
    SELECT
        seul.etat,
        seul.centre,
        seul.autre_centre,
        seul.cle,
        seul.autre_cle
    FROM seul
    JOIN commun.couverture AS couverture
        ON couverture.centre_code = seul.centre
    JOIN deposant
        ON deposant.centre_code = seul.autre_centre
    JOIN reference.seuil AS seuil
        ON seuil.code = 'TRANSFERT_ECART_JOURS'
    -- both centres have had the time to declare it, and the other one's history holds that day
    WHERE seul.date_repere + CAST(seuil.valeur AS INTEGER) <= least(couverture.date_etat, deposant.date_etat)
        AND deposant.debut_historique <= seul.date_repere
)
SELECT
    motif,
    unnest([cas.centre, cas.autre_centre]) AS centre,
    unnest([cas.autre_centre, cas.centre]) AS centre_contrepartie,
    unnest([cas.cle, cas.autre_cle]) AS cle_dossier
FROM cas
