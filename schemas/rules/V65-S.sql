-- titre: Deux centres du même côté d'un transfert
-- severite: a_corriger
-- portee: centres
-- message: Pour la même personne, les deux centres déclarent tous deux un départ vers l'autre, ou tous deux une arrivée.
-- remede: Voyez ensemble qui a transmis le dossier ; l'autre centre corrige le sens de son transfert.
-- tables: reference.transfert_a_regler
-- missions: 7
SELECT
    centre,
    centre_contrepartie,
    'transfert' AS table_nom,
    cle_dossier
FROM reference.transfert_a_regler
WHERE motif IN ('SENS_SORTANT', 'SENS_ENTRANT')
