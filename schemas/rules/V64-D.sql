-- titre: Deux dates éloignées pour un même transfert
-- severite: a_expliquer
-- portee: centres
-- message: Les deux centres datent le même transfert à plus de {TRANSFERT_ECART_JOURS} jours l'un de l'autre.
-- remede: Comparez vos deux dates d'effet ; celui qui s'est trompé corrige la sienne. S'il y a eu deux départs, chacun déclare les deux.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif = 'DATE'
