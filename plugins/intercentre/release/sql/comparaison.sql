-- titre: Comparaison des centres telle qu'elle est publiée
-- grain: un indicateur, une période et un centre dont le chiffre et celui de la région sont communiqués
-- unite: pour cent
-- tables: indicateurs
-- parametres: comparaison total
-- missions: 7
-- cle: indicateur periode territoire
WITH communique AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        valeur
    FROM indicateurs
    WHERE dimension = $total AND statut_secret = 'libre' AND valeur IS NOT NULL
)
SELECT
    protegee.indicateur,
    protegee.periode,
    protegee.territoire,
    protegee.valeur,
    protegee.borne_basse,
    protegee.borne_haute,
    protegee.valeur_region,
    protegee.entonnoir_95_bas,
    protegee.entonnoir_95_haut,
    protegee.entonnoir_998_bas,
    protegee.entonnoir_998_haut,
    protegee.position
FROM read_parquet($comparaison) AS protegee
JOIN communique AS centre
    ON centre.indicateur = protegee.indicateur
    AND centre.periode = protegee.periode
    AND centre.territoire_type = 'centre'
    AND centre.territoire = protegee.territoire
    AND abs(centre.valeur - protegee.valeur) < 1e-5
JOIN communique AS region
    ON region.indicateur = protegee.indicateur
    AND region.periode = protegee.periode
    AND region.territoire_type = 'region'
    AND abs(region.valeur - protegee.valeur_region) < 1e-5
WHERE protegee.statut_secret = 'libre'
