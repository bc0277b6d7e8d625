-- titre: Événement après la clôture du dossier
-- severite: a_corriger
-- portee: ligne
-- message: Un événement a lieu plus de {EVENEMENT_APRES_CLOTURE_JOURS} jours après la clôture de son dossier ; quand il y en a plusieurs, la date de clôture est signalée à leur place.
-- remede: Vérifiez la date de l'événement et la date de clôture ; ouvrez un nouveau dossier si la personne est revenue.
-- tables: dossier etape_accueil test_langue convention inscription attestation ref_seuil
-- missions: 1a
WITH seuil AS (
    SELECT CAST(valeur AS INTEGER) AS jours FROM ref_seuil WHERE code = 'EVENEMENT_APRES_CLOTURE_JOURS'
),
evenement AS (
    SELECT 'etape_accueil' AS table_nom, ligne, 'date' AS colonne, dossier_id, date AS jour FROM etape_accueil
    UNION ALL
    SELECT 'test_langue', ligne, 'date', dossier_id, date FROM test_langue
    UNION ALL
    SELECT 'convention', ligne, 'date_signature', dossier_id, date_signature FROM convention
    UNION ALL
    SELECT 'inscription', ligne, 'date_orientation', dossier_id, date_orientation FROM inscription
    UNION ALL
    -- a start that was only planned is no event; what is over began before the day of the state (V37-F)
    SELECT 'inscription', ligne, 'date_debut', dossier_id, date_debut FROM inscription
    WHERE statut = 'EN_COURS' OR (statut IN ('TERMINE', 'ABANDON') AND date_debut <= CAST($date_etat AS DATE))
    UNION ALL
    SELECT 'attestation', ligne, 'date_delivrance', dossier_id, date_delivrance FROM attestation
),
tardif AS (
    -- one for each row: of an enrolment with both days too late, the orientation, which comes first
    SELECT
        dossier.ligne AS ligne_dossier,
        evenement.table_nom,
        evenement.ligne,
        max(evenement.colonne) AS colonne,
        count(*) OVER (PARTITION BY dossier.ligne) AS nombre
    FROM evenement
    JOIN dossier USING (dossier_id)
    CROSS JOIN seuil
    WHERE evenement.jour > dossier.date_cloture + seuil.jours
    GROUP BY dossier.ligne, evenement.table_nom, evenement.ligne
)
SELECT table_nom, ligne, colonne
FROM tardif
WHERE nombre = 1
UNION
SELECT 'dossier' AS table_nom, ligne_dossier AS ligne, 'date_cloture' AS colonne
FROM tardif
WHERE nombre > 1
