-- titre: Ressources des huit centres
-- grain: les équivalents temps plein d'une fonction en une année
-- unite: équivalent temps plein
-- tables: extrait.ressources
-- parametres:
-- missions: 7
-- cle: centre_code annee fonction
SELECT
    centre_code,
    depot_id,
    date_etat,
    annee,
    fonction,
    etp
FROM extrait.ressources
