-- titre: Attestations de fréquentation
-- grain: un dossier qui reçoit une attestation de fréquentation pendant la période, duplicatas exclus, dans le centre qui a attesté la personne le premier
-- unite: dossier
-- tables: commun.attestation commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
WITH delivree AS (
    SELECT
        attestation.centre_code,
        attestation.cle_dossier,
        attestation.date_delivrance,
        dossier.personne_id,
        dossier.sexe,
        dossier.groupe_age,
        dossier.groupe_nationalite,
        dossier.statut_public
    FROM commun.attestation AS attestation
    LEFT JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = attestation.cle_dossier
    WHERE attestation.type = 'FREQUENTATION_PARCOURS'
        AND attestation.remplace_attestation_id IS NULL
),
-- V68: of a person whom two centres have attested, the centre of the first day alone; of the same day, by its code
premier_centre AS (
    SELECT
        personne_id,
        arg_min(centre_code, (date_delivrance, centre_code)) AS centre_code
    FROM delivree
    WHERE personne_id IS NOT NULL
    GROUP BY personne_id
)
SELECT DISTINCT
    periode_couverte.periode,
    delivree.centre_code,
    delivree.sexe,
    delivree.groupe_age,
    delivree.groupe_nationalite,
    delivree.statut_public,
    delivree.cle_dossier AS unite_id
FROM delivree
LEFT JOIN premier_centre
    ON premier_centre.personne_id = delivree.personne_id
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = delivree.centre_code
    AND delivree.date_delivrance BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE coalesce(premier_centre.centre_code = delivree.centre_code, true)
