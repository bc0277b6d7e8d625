-- titre: les territoires des chiffres et leurs noms ; « inconnu » et « ailleurs » compris quand ils sont observés
-- grain: un type de territoire, un territoire
-- unite: territoire
-- tables: territoire centre hors_territoire indicateurs
-- parametres:
-- missions: 7
-- cle: territoire_type territoire
SELECT DISTINCT
    'region' AS territoire_type,
    indicateurs.territoire,
    'Région de langue française' AS nom,
    NULL::VARCHAR AS arrondissement,
    NULL::VARCHAR AS province,
    NULL::VARCHAR AS centre
FROM indicateurs
WHERE indicateurs.territoire_type = 'region'
UNION ALL
SELECT DISTINCT 'province', territoire.province, territoire.province_nom, NULL, NULL, NULL
FROM territoire
UNION ALL
SELECT DISTINCT
    'arrondissement', territoire.arrondissement, territoire.arrondissement_nom, NULL, territoire.province, NULL
FROM territoire
UNION ALL
SELECT 'centre', centre.code, centre.nom, NULL, NULL, NULL
FROM centre
UNION ALL
SELECT
    'commune', territoire.commune, territoire.nom, territoire.arrondissement, territoire.province, territoire.centre_code
FROM territoire
UNION ALL
SELECT DISTINCT indicateurs.territoire_type, hors_territoire.code, hors_territoire.nom, NULL, NULL, NULL
FROM indicateurs
JOIN hors_territoire
    ON hors_territoire.code = indicateurs.territoire
ORDER BY 1, 2
