-- titre: Transfert dont les deux centres désignent un autre dossier ou une autre personne
-- severite: a_expliquer
-- portee: centres
-- message: Pour le même transfert, l'un des deux centres nomme un autre dossier que celui de l'autre, ou leurs pseudonymes régionaux sont ceux de deux personnes.
-- remede: Comparez vos numéros de dossier, puis corrigez dossier_contrepartie dans le transfert qui se trompe ; s'ils sont justes, vérifiez les pseudonymes.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif = 'DOSSIER'
