-- titre: Transferts tels que chaque centre les déclare
-- grain: un côté d'un transfert entre deux centres
-- unite: transfert
-- tables: extrait.transfert
-- parametres:
-- missions: 1c 7
-- cle: centre_code transfert_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    transfert_id,
    sens,
    dossier_id,
    centre_contrepartie,
    dossier_contrepartie,
    date_demande,
    date_effet,
    statut,
    heures_reprises_fle,
    heures_reprises_cit,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.transfert
