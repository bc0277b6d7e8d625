-- titre: Communes sans aucun signalement au centre de leur territoire, depuis assez longtemps
-- grain: un centre
-- unite: commune
-- tables: commun.territoire commun.table_deposee commun.couverture commun.flux_commune
-- parametres: debut fin
-- missions: 1b
WITH signalement AS (
    SELECT
        centre_code,
        commune,
        sum(signales_par_commune) AS signales
    FROM commun.flux_commune
    WHERE CAST(mois || '-01' AS DATE) BETWEEN $debut AND $fin
    GROUP BY centre_code, commune
)
SELECT
    territoire.centre_code,
    list(territoire.nom ORDER BY territoire.nom) FILTER (WHERE coalesce(signalement.signales, 0) = 0) AS communes,
    count(*) AS total
FROM commun.territoire AS territoire
JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = territoire.centre_code
    AND table_deposee.table_nom = 'flux_commune'
    AND table_deposee.debut_historique <= $debut
JOIN commun.couverture AS couverture
    ON couverture.centre_code = territoire.centre_code
    AND couverture.date_etat >= $fin
    AND couverture.debut_historique <= $debut
LEFT JOIN signalement
    ON signalement.centre_code = territoire.centre_code
    AND signalement.commune = territoire.commune
GROUP BY territoire.centre_code
ORDER BY territoire.centre_code
