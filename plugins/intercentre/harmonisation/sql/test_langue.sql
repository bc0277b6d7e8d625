-- titre: Tests de français des huit centres
-- grain: un test de français d'un dossier
-- unite: test
-- tables: extrait.test_langue
-- parametres:
-- missions: 1a
-- cle: centre_code test_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    test_id,
    dossier_id,
    date,
    nature,
    profil,
    co,
    ce,
    po,
    pe,
    niveau_global,
    instrument,
    reussi,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.test_langue
