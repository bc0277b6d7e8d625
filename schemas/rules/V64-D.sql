-- titre: Deux dates éloignées pour un même transfert
-- severite: a_expliquer
-- portee: centres
-- message: Les deux centres datent le même transfert à plus de {TRANSFERT_ECART_JOURS} jours l'un de l'autre.
-- remede: Comparez vos deux dates d'effet ; celui qui s'est trompé corrige la sienne. S'il y a eu deux départs, chacun déclare les deux.
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
        AND contradiction = 'DATE'
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
