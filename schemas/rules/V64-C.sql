-- titre: Transfert dont les deux centres nomment d'autres dossiers
-- severite: a_expliquer
-- portee: centres
-- message: L'un des deux centres nomme le dossier de l'autre, qui en nomme un autre pour le même transfert.
-- remede: Comparez vos numéros de dossier, puis corrigez dossier_contrepartie dans le transfert qui se trompe.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif = 'DOSSIER'
