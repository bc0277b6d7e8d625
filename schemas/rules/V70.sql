-- titre: Opérateur connu sous deux types ou deux noms
-- severite: a_expliquer
-- portee: centres
-- message: Les deux centres donnent au même numéro d'entreprise un autre type d'opérateur ou une autre dénomination.
-- remede: Reprenez la dénomination de la Banque-Carrefour des Entreprises, et convenez du type.
-- tables: extrait.operateur
-- missions: 1d 2 7
WITH operateur AS (
    SELECT
        centre_code,
        operateur_id,
        type,
        -- spaces, points, accents and capitals make no other name
        regexp_replace(lower(strip_accents(denomination)), '[^a-z0-9]', '', 'g') AS nom
    FROM extrait.operateur
    WHERE regexp_full_match(operateur_id, '[01][0-9]{9}')
)
SELECT
    operateur.centre_code AS centre,
    autre.centre_code AS centre_contrepartie,
    'operateur' AS table_nom,
    CAST(NULL AS VARCHAR) AS cle_dossier
FROM operateur
JOIN operateur AS autre
    ON autre.operateur_id = operateur.operateur_id
    AND autre.centre_code <> operateur.centre_code
WHERE operateur.type <> autre.type
    OR operateur.nom <> autre.nom
