-- titre: Transfert dont les deux centres nomment d'autres dossiers
-- severite: a_expliquer
-- portee: centres
-- message: L'un des deux centres nomme le dossier de l'autre, qui en nomme un autre pour le même transfert.
-- remede: Comparez vos numéros de dossier, puis corrigez dossier_contrepartie dans le transfert qui se trompe.
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
        AND contradiction = 'DOSSIER'
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
