-- titre: Inscriptions des huit centres
-- grain: une inscription d'un dossier à une formation ou un service
-- unite: inscription
-- tables: extrait.inscription
-- parametres:
-- missions: 1a 1d
-- cle: centre_code inscription_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    inscription_id,
    dossier_id,
    convention_id,
    axe,
    operateur_id,
    session_id,
    date_orientation,
    date_entree_attente,
    date_debut,
    date_fin,
    heures_prevues,
    heures_suivies,
    statut,
    motif_abandon,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.inscription
