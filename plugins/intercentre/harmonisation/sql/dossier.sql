-- titre: Dossiers des huit centres, avec la personne, la commune d'aujourd'hui, l'âge et le groupe de nationalité
-- grain: un épisode d'accompagnement d'une personne dans un centre
-- unite: dossier
-- tables: extrait.dossier reference.commune reference.pays reference.personne commun.regime
-- parametres:
-- missions: 1a 1c
-- cle: centre_code dossier_id
WITH plusieurs_dossiers AS (
    SELECT
        coalesce(personne.personne_id, dossier.centre_code || '#' || dossier.personne_ref) AS personne_id,
        CAST(count(*) AS INTEGER) AS nombre
    FROM extrait.dossier AS dossier
    LEFT JOIN reference.personne AS personne
        ON personne.cle_personne = dossier.centre_code || '#' || dossier.personne_ref
    GROUP BY coalesce(personne.personne_id, dossier.centre_code || '#' || dossier.personne_ref)
    HAVING count(*) > 1
)
SELECT
    dossier.centre_code,
    dossier.depot_id,
    dossier.date_etat,
    dossier.dossier_id,
    dossier.personne_ref,
    dossier.date_premier_contact,
    dossier.date_ouverture,
    dossier.date_cloture,
    dossier.motif_cloture,
    dossier.statut_public,
    dossier.regime_juridique,
    dossier.canal_entree,
    dossier.bureau_id,
    dossier.commune_refnis,
    dossier.sexe,
    dossier.annee_naissance,
    dossier.nationalite,
    dossier.pays_naissance,
    dossier.titre_sejour,
    dossier.motif_sejour,
    dossier.date_titre,
    dossier.date_debut_sejour_legal,
    dossier.mena,
    dossier.niveau_diplome,
    dossier.equivalence,
    dossier.situation_pro,
    dossier.langue_principale,
    dossier.centre_code || ':' || dossier.dossier_id AS cle_dossier,
    coalesce(personne.personne_id, dossier.centre_code || '#' || dossier.personne_ref) AS personne_id,
    coalesce(plusieurs_dossiers.nombre, 1) AS dossiers_personne,
    coalesce(commune.commune_region, '00000') AS commune,
    coalesce(commune.arrondissement, '00000') AS arrondissement,
    coalesce(commune.province, '00000') AS province,
    CAST(year(dossier.date_ouverture) - dossier.annee_naissance AS INTEGER) AS age,
    CASE
        WHEN age IS NULL THEN 'INC'
        WHEN age < 18 THEN '00-17'
        WHEN age < 25 THEN '18-24'
        WHEN age < 35 THEN '25-34'
        WHEN age < 45 THEN '35-44'
        WHEN age < 55 THEN '45-54'
        WHEN age < 65 THEN '55-64'
        ELSE '65+'
    END AS groupe_age,
    coalesce(pays.groupe, 'INCONNU') AS groupe_nationalite,
    regime.regime
FROM extrait.dossier AS dossier
LEFT JOIN reference.commune AS commune
    ON commune.code = dossier.commune_refnis
LEFT JOIN reference.pays AS pays
    ON pays.code = dossier.nationalite
LEFT JOIN reference.personne AS personne
    ON personne.cle_personne = dossier.centre_code || '#' || dossier.personne_ref
LEFT JOIN plusieurs_dossiers
    ON plusieurs_dossiers.personne_id
    = coalesce(personne.personne_id, dossier.centre_code || '#' || dossier.personne_ref)
LEFT JOIN commun.regime AS regime
    ON dossier.date_ouverture BETWEEN regime.debut AND coalesce(regime.fin, DATE '9999-12-31')
