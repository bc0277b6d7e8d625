-- titre: Attestation malgré peu d'heures de français
-- severite: a_expliquer
-- portee: ligne
-- message: L'attestation de fréquentation est délivrée alors que moins de {ATTESTATION_HEURES_PART_MIN} des heures de français prescrites sont suivies, sans test de validation au niveau visé.
-- remede: Complétez les heures suivies, les heures reprises d'un autre centre ou le test de validation ; sinon, expliquez.
-- tables: attestation convention inscription test_langue transfert dossier ref_cecrl ref_regime ref_seuil
-- base: CWASS, art. 152/3, § 4
-- missions: 1a
WITH seuil AS (
    SELECT CAST(valeur AS DECIMAL(5, 4)) AS part FROM ref_seuil WHERE code = 'ATTESTATION_HEURES_PART_MIN'
),
prescrit AS (
    -- the hours in force at the issue of the attestation: those of the last document signed before
    SELECT attestation.ligne, arg_max(convention.heures_fle_prescrites, (convention.date_signature, convention.avenant)) AS heures
    FROM attestation
    JOIN convention USING (dossier_id)
    WHERE convention.date_signature <= attestation.date_delivrance
    GROUP BY attestation.ligne
),
suivi AS (
    SELECT
        dossier_id,
        coalesce(sum(heures_suivies) FILTER (WHERE axe IN ('FLE', 'ALPHA')), 0) AS heures,
        bool_or(axe IS NULL OR heures_suivies IS NULL) AS illisible
    FROM inscription
    GROUP BY dossier_id
),
reprise AS (
    SELECT dossier_id, coalesce(sum(heures_reprises_fle), 0) AS heures
    FROM transfert
    WHERE sens = 'ENTRANT'
    GROUP BY dossier_id
),
valide AS (
    SELECT DISTINCT test_langue.dossier_id
    FROM test_langue
    JOIN dossier USING (dossier_id)
    LEFT JOIN ref_regime ON ref_regime.code = dossier.regime_juridique
    LEFT JOIN ref_cecrl AS vise ON vise.code = ref_regime.niveau_vise
    LEFT JOIN ref_cecrl AS atteint ON atteint.code = test_langue.niveau_global
    WHERE test_langue.nature = 'VALIDATION'
        AND (test_langue.reussi OR CAST(atteint.rang AS INTEGER) >= CAST(vise.rang AS INTEGER))
)
SELECT 'attestation' AS table_nom, attestation.ligne, 'type' AS colonne
FROM attestation
JOIN prescrit USING (ligne)
CROSS JOIN seuil
LEFT JOIN suivi USING (dossier_id)
LEFT JOIN reprise USING (dossier_id)
LEFT JOIN valide ON valide.dossier_id = attestation.dossier_id
WHERE attestation.type = 'FREQUENTATION_PARCOURS'
    AND attestation.remplace_attestation_id IS NULL
    AND valide.dossier_id IS NULL
    AND NOT coalesce(suivi.illisible, false)
    AND coalesce(suivi.heures, 0) + coalesce(reprise.heures, 0) < prescrit.heures * seuil.part
