-- titre: Deux attestations de fréquentation pour une personne
-- severite: a_corriger
-- portee: centres
-- message: Les deux centres ont délivré à la même personne (même pseudonyme régional) une attestation de fréquentation du parcours.
-- remede: Voyez ensemble laquelle vaut ; l'autre centre annule la sienne, ou vérifie le pseudonyme.
-- base: CWASS, art. 152/3, § 4
-- tables: extrait.attestation extrait.dossier
-- missions: 1a 7
WITH attestee AS (
    SELECT
        dossier.centre_code,
        dossier.personne_pseudo,
        dossier.centre_code || ':' || dossier.dossier_id AS cle
    FROM extrait.attestation AS attestation
    JOIN extrait.dossier AS dossier
        ON dossier.centre_code = attestation.centre_code
        AND dossier.dossier_id = attestation.dossier_id
    WHERE attestation.type = 'FREQUENTATION_PARCOURS'
        AND dossier.personne_pseudo IS NOT NULL
)
SELECT DISTINCT
    attestee.centre_code AS centre,
    autre.centre_code AS centre_contrepartie,
    'attestation' AS table_nom,
    attestee.cle AS cle_dossier
FROM attestee
JOIN attestee AS autre
    ON autre.personne_pseudo = attestee.personne_pseudo
    AND autre.centre_code <> attestee.centre_code
