-- titre: Comparaison des centres, sans ce qui trahirait un chiffre masqué
-- grain: un indicateur, une période et un centre
-- unite: celle de l'indicateur
-- tables: comparaison protegee
-- parametres: total
-- missions: 7
-- cle: indicateur periode territoire
WITH montree AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire
    FROM protegee
    WHERE dimension = $total AND statut_secret = 'libre'
),
jugee AS (
    SELECT
        comparaison.indicateur,
        comparaison.periode,
        comparaison.territoire,
        comparaison.valeur,
        comparaison.borne_basse,
        comparaison.borne_haute,
        comparaison.valeur_region,
        comparaison.entonnoir_95_bas,
        comparaison.entonnoir_95_haut,
        comparaison.entonnoir_998_bas,
        comparaison.entonnoir_998_haut,
        comparaison.position,
        comparaison.valeur_attendue,
        comparaison.rapport,
        comparaison.rapport_bas,
        comparaison.rapport_haut,
        centre.territoire IS NOT NULL AND region.territoire IS NOT NULL AS est_montree
    FROM comparaison
    LEFT JOIN montree AS centre
        ON centre.indicateur = comparaison.indicateur
        AND centre.periode = comparaison.periode
        AND centre.territoire = comparaison.territoire
        AND centre.territoire_type = 'centre'
    LEFT JOIN montree AS region
        ON region.indicateur = comparaison.indicateur
        AND region.periode = comparaison.periode
        AND region.territoire_type = 'region'
)
SELECT
    indicateur,
    periode,
    territoire,
    CASE WHEN est_montree THEN valeur END AS valeur,
    CASE WHEN est_montree THEN borne_basse END AS borne_basse,
    CASE WHEN est_montree THEN borne_haute END AS borne_haute,
    CASE WHEN est_montree THEN valeur_region END AS valeur_region,
    CASE WHEN est_montree THEN entonnoir_95_bas END AS entonnoir_95_bas,
    CASE WHEN est_montree THEN entonnoir_95_haut END AS entonnoir_95_haut,
    CASE WHEN est_montree THEN entonnoir_998_bas END AS entonnoir_998_bas,
    CASE WHEN est_montree THEN entonnoir_998_haut END AS entonnoir_998_haut,
    CASE WHEN est_montree THEN position END AS position,
    CASE WHEN est_montree THEN valeur_attendue END AS valeur_attendue,
    CASE WHEN est_montree THEN rapport END AS rapport,
    CASE WHEN est_montree THEN rapport_bas END AS rapport_bas,
    CASE WHEN est_montree THEN rapport_haut END AS rapport_haut,
    CASE WHEN est_montree THEN 'libre' ELSE 'masque' END AS statut_secret
FROM jugee
