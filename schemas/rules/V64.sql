-- titre: Transfert sortant sans transfert entrant
-- severite: a_expliquer
-- portee: centres
-- message: Un centre déclare un transfert sortant auquel l'autre centre ne répond par aucun transfert entrant à {TRANSFERT_ECART_JOURS} jours près.
-- remede: Centre de départ : vérifiez l'autre centre, les dates et le dossier nommé. Centre d'arrivée : ajoutez le transfert entrant, ou dites au centre de départ que la personne n'est pas venue.
-- tables: commun.appariement_transfert commun.couverture commun.table_deposee reference.seuil
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
        appariement.centre_sortant AS centre,
        appariement.centre_entrant AS centre_contrepartie,
        appariement.cle_sortant AS cle,
        appariement.cle_nommee
    FROM commun.appariement_transfert AS appariement
    JOIN commun.couverture AS couverture
        ON couverture.centre_code = appariement.centre_sortant
    JOIN deposant
        ON deposant.centre_code = appariement.centre_entrant
    JOIN reference.seuil AS seuil
        ON seuil.code = 'TRANSFERT_ECART_JOURS'
    -- both centres have had the time to declare it, and the other one's history holds that day
    WHERE appariement.etat = 'sortant_seul'
        AND appariement.date_repere + CAST(seuil.valeur AS INTEGER) <= least(couverture.date_etat, deposant.date_etat)
        AND deposant.debut_historique <= appariement.date_repere
)
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle AS cle_dossier
FROM seul
UNION ALL
SELECT
    centre_contrepartie,
    centre,
    'transfert',
    cle_nommee
FROM seul
