-- titre: Interprétariat dans les huit centres
-- grain: les demandes d'interprétariat d'un mois, d'une langue et d'un prestataire
-- unite: demande
-- tables: extrait.interpretariat
-- parametres:
-- missions: 1a 3
-- cle: centre_code mois langue prestataire
SELECT
    centre_code,
    depot_id,
    date_etat,
    mois,
    langue,
    prestataire,
    demandes,
    honorees,
    heures
FROM extrait.interpretariat
