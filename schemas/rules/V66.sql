-- titre: Une personne a un dossier ouvert dans deux centres
-- severite: a_expliquer
-- portee: centres
-- message: La même personne (même pseudonyme régional) a un dossier ouvert dans les deux centres depuis plus de {DOSSIERS_OUVERTS_JOURS} jours.
-- remede: Voyez ensemble quel centre suit la personne ; l'autre clôture son dossier et déclare le transfert. Si les deux la suivent, dites-le.
-- tables: extrait.dossier reference.seuil
-- missions: 1c 7
WITH dossier AS (
    SELECT
        centre_code,
        centre_code || ':' || dossier_id AS cle,
        personne_pseudo,
        date_etat,
        date_ouverture
    FROM extrait.dossier
    WHERE personne_pseudo IS NOT NULL
        AND date_cloture IS NULL
)
SELECT DISTINCT
    dossier.centre_code AS centre,
    autre.centre_code AS centre_contrepartie,
    'dossier' AS table_nom,
    dossier.cle AS cle_dossier
FROM dossier
JOIN dossier AS autre
    ON autre.personne_pseudo = dossier.personne_pseudo
    AND autre.centre_code <> dossier.centre_code
JOIN reference.seuil AS seuil
    ON seuil.code = 'DOSSIERS_OUVERTS_JOURS'
WHERE greatest(dossier.date_ouverture, autre.date_ouverture) + CAST(seuil.valeur AS INTEGER)
    < least(dossier.date_etat, autre.date_etat)
