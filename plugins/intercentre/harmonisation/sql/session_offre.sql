-- titre: Sessions offertes dans les huit territoires
-- grain: une session offerte par un opérateur, à son dernier relevé
-- unite: session
-- tables: extrait.session_offre reference.commune
-- parametres:
-- missions: 1d
-- cle: centre_code session_id
SELECT
    session_offre.centre_code,
    session_offre.depot_id,
    session_offre.date_etat,
    session_offre.session_id,
    session_offre.operateur_id,
    session_offre.axe,
    session_offre.niveau_vise,
    session_offre.commune_refnis,
    session_offre.date_debut,
    session_offre.date_fin,
    session_offre.heures_programmees,
    session_offre.places,
    session_offre.inscrits,
    session_offre.en_attente,
    session_offre.horaire,
    session_offre.garde_enfants,
    session_offre.date_releve,
    coalesce(commune.actuelle, session_offre.commune_refnis) AS commune
FROM extrait.session_offre AS session_offre
LEFT JOIN reference.commune AS commune
    ON commune.code = session_offre.commune_refnis
