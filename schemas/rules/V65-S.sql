-- titre: Deux centres du même côté d'un transfert
-- severite: a_corriger
-- portee: centres
-- message: Pour la même personne, les deux centres déclarent tous deux un départ vers l'autre, ou tous deux une arrivée.
-- remede: Voyez ensemble qui a transmis le dossier ; l'autre centre corrige le sens de son transfert.
-- tables: commun.appariement_transfert
-- missions: 7
WITH contradiction AS (
    SELECT
        centre_sortant,
        centre_entrant,
        cle_sortant,
        cle_entrant
    FROM commun.appariement_transfert
    WHERE etat = 'contradictoire'
        AND contradiction IN ('SENS_SORTANT', 'SENS_ENTRANT')
)
SELECT
    centre_sortant AS centre,
    centre_entrant AS centre_contrepartie,
    'transfert' AS table_nom,
    cle_sortant AS cle_dossier
FROM contradiction
UNION ALL
SELECT
    centre_entrant,
    centre_sortant,
    'transfert',
    cle_entrant
FROM contradiction
