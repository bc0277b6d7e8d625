-- titre: Durée de la convention à l'attestation
-- grain: un dossier dont la première attestation de fréquentation est délivrée pendant la période
-- unite: jour
-- tables: commun.attestation commun.convention commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
WITH premiere_convention AS (
    SELECT
        cle_dossier,
        min(date_signature) AS date_signature
    FROM commun.convention
    WHERE avenant = 0
    GROUP BY cle_dossier
),
premiere_attestation AS (
    SELECT
        centre_code,
        cle_dossier,
        min(date_delivrance) AS date_delivrance
    FROM commun.attestation
    WHERE type = 'FREQUENTATION_PARCOURS' AND remplace_attestation_id IS NULL
    GROUP BY centre_code, cle_dossier
)
SELECT
    periode_couverte.periode,
    attestation.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    attestation.cle_dossier AS unite_id,
    attestation.date_delivrance - convention.date_signature AS valeur
FROM premiere_attestation AS attestation
JOIN premiere_convention AS convention
    ON convention.cle_dossier = attestation.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = attestation.centre_code
    AND attestation.date_delivrance BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = attestation.cle_dossier
WHERE convention.date_signature <= attestation.date_delivrance
