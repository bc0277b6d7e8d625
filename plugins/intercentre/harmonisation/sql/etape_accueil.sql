-- titre: Étapes du module d'accueil des huit centres
-- grain: une étape du module d'accueil d'un dossier
-- unite: étape
-- tables: extrait.etape_accueil
-- parametres:
-- missions: 1a
-- cle: centre_code dossier_id type_etape rang
SELECT
    centre_code,
    depot_id,
    date_etat,
    dossier_id,
    type_etape,
    rang,
    date,
    modalite,
    duree_minutes,
    interprete,
    langue_interpretee,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.etape_accueil
