-- titre: Actes qui suivent l'obligation, comptés par les huit centres
-- grain: le nombre d'actes d'un type en un trimestre
-- unite: acte
-- tables: extrait.agg_obligation
-- parametres:
-- missions: 1b
-- cle: centre_code trimestre type
SELECT
    centre_code,
    depot_id,
    date_etat,
    trimestre,
    type,
    nombre
FROM extrait.agg_obligation
