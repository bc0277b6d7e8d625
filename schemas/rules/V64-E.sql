-- titre: Transfert entrant sans transfert sortant
-- severite: a_expliquer
-- portee: centres
-- message: Un centre déclare un transfert entrant auquel l'autre centre ne répond par aucun transfert sortant à {TRANSFERT_ECART_JOURS} jours près.
-- remede: Centre de départ : ajoutez le transfert sortant et vérifiez le motif de clôture. Centre d'arrivée : vérifiez l'autre centre, les dates et le dossier nommé.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif = 'entrant_seul'
