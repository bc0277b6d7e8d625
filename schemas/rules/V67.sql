-- titre: Une personne décrite autrement par deux centres
-- severite: a_expliquer
-- portee: centres
-- message: Les deux centres donnent à la même personne (même pseudonyme régional) une autre année de naissance, un autre sexe ou une autre nationalité.
-- remede: Vérifiez ces trois données dans votre dossier ; si elles sont justes, vérifiez le pseudonyme. Une nationalité acquise entre-temps explique l'écart : dites-le.
-- tables: extrait.dossier
-- missions: 1c 7
WITH dossier AS (
    SELECT
        centre_code,
        centre_code || ':' || dossier_id AS cle,
        personne_pseudo,
        annee_naissance,
        -- what is not known contradicts nothing
        nullif(sexe, 'INC') AS sexe,
        nullif(nationalite, 'XXX') AS nationalite
    FROM extrait.dossier
    WHERE personne_pseudo IS NOT NULL
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
WHERE dossier.annee_naissance <> autre.annee_naissance
    OR dossier.sexe <> autre.sexe
    OR dossier.nationalite <> autre.nationalite
