-- titre: Attestations de fréquentation
-- grain: un dossier qui reçoit une attestation de fréquentation pendant la période, duplicatas exclus
-- unite: dossier
-- tables: commun.attestation commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
SELECT DISTINCT
    periode_couverte.periode,
    attestation.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    attestation.cle_dossier AS unite_id
FROM commun.attestation AS attestation
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = attestation.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = attestation.centre_code
    AND attestation.date_delivrance BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE attestation.type = 'FREQUENTATION_PARCOURS'
    AND attestation.remplace_attestation_id IS NULL
