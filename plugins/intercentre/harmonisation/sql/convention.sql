-- titre: Conventions et avenants des huit centres
-- grain: une convention ou un avenant signé
-- unite: convention
-- tables: extrait.convention
-- parametres:
-- missions: 1a
-- cle: centre_code convention_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    convention_id,
    dossier_id,
    date_signature,
    date_echeance,
    date_echeance_prolongee,
    motif_prolongation,
    fle_prescrit,
    heures_fle_prescrites,
    cit_prescrite,
    heures_cit_prescrites,
    isp_prescrite,
    heures_isp_prescrites,
    statut,
    date_statut,
    avenant,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.convention
