-- titre: Codes locaux qu'un transfert apparié réunit en une personne
-- grain: un transfert apparié
-- unite: lien
-- tables: commun.appariement_transfert extrait.dossier
-- parametres:
-- missions: 1c 7
WITH dossier AS (
    SELECT
        centre_code || ':' || dossier_id AS cle_dossier,
        centre_code || ':' || personne_ref AS cle_personne
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
WHERE appariement.etat = 'paire'
