-- titre: Codes locaux qu'un transfert ou un pseudonyme régional réunit en une personne
-- grain: deux codes locaux d'une même personne
-- unite: lien
-- tables: commun.appariement_transfert extrait.dossier
-- parametres:
-- missions: 1c 7
WITH dossier AS (
    SELECT
        centre_code || ':' || dossier_id AS cle_dossier,
        centre_code || '#' || personne_ref AS cle_personne,
        personne_pseudo
    FROM extrait.dossier
)
SELECT
    sortant.cle_personne,
    entrant.cle_personne
FROM commun.appariement_transfert AS appariement
JOIN dossier AS sortant
    ON sortant.cle_dossier = appariement.cle_sortant
JOIN dossier AS entrant
    ON entrant.cle_dossier = appariement.cle_entrant
-- contradictory sides are one person only where each names the other's dossier and their pseudonyms are not of two
WHERE appariement.etat = 'paire'
    OR (appariement.contradiction <> 'DOSSIER' AND appariement.se_nomment)
UNION ALL
-- a pseudonym bears the identifier of its key: under another key the same person has another one, and is not joined
SELECT DISTINCT
    min(dossier.cle_personne) OVER (PARTITION BY dossier.personne_pseudo),
    dossier.cle_personne
FROM dossier
WHERE dossier.personne_pseudo IS NOT NULL
