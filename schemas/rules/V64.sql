-- titre: Transfert sortant sans transfert entrant
-- severite: a_expliquer
-- portee: centres
-- message: Un centre déclare un transfert sortant auquel l'autre centre ne répond par aucun transfert entrant à {TRANSFERT_ECART_JOURS} jours près.
-- remede: Centre de départ : vérifiez l'autre centre, les dates et le dossier nommé. Centre d'arrivée : ajoutez le transfert entrant, ou dites au centre de départ que la personne n'est pas venue.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif = 'sortant_seul'
