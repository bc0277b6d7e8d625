-- titre: Conventions prolongées
-- grain: une convention qui arrive à son échéance initiale pendant la période
-- unite: convention
-- tables: commun.convention commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1b
WITH initiale AS (
    SELECT
        centre_code,
        cle_dossier,
        convention_id,
        date_signature,
        date_echeance,
        statut,
        date_statut,
        lead(date_signature) OVER (
            PARTITION BY cle_dossier ORDER BY date_signature, convention_id
        ) AS signature_suivante
    FROM commun.convention
    WHERE avenant = 0
),
prolongation AS (
    SELECT
        initiale.centre_code,
        initiale.convention_id,
        first(coalesce(acte.motif_prolongation, 'INC') ORDER BY acte.avenant, acte.convention_id) AS motif_prolongation
    FROM initiale
    JOIN commun.convention AS acte
        ON acte.cle_dossier = initiale.cle_dossier
        AND acte.date_echeance_prolongee > initiale.date_echeance
        AND (
            acte.convention_id = initiale.convention_id
            OR (
                acte.avenant > 0
                AND acte.date_signature >= initiale.date_signature
                AND coalesce(acte.date_signature < initiale.signature_suivante, true)
            )
        )
    GROUP BY initiale.centre_code, initiale.convention_id
)
SELECT
    periode_couverte.periode,
    initiale.centre_code,
    prolongation.motif_prolongation,
    initiale.centre_code || ':' || initiale.convention_id AS unite_id,
    CAST(prolongation.convention_id IS NOT NULL AS INTEGER) AS numerateur,
    1 AS denominateur
FROM initiale
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = initiale.centre_code
    AND initiale.date_echeance BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = initiale.cle_dossier
LEFT JOIN prolongation
    ON prolongation.centre_code = initiale.centre_code
    AND prolongation.convention_id = initiale.convention_id
WHERE NOT (
        initiale.statut IN ('HONOREE', 'NON_HONOREE', 'TRANSFEREE') AND initiale.date_statut < initiale.date_echeance
    )
    AND coalesce(dossier.date_cloture >= initiale.date_echeance, true)
