-- titre: Statistiques locales préparées dont aucun chiffre commun ne reste
-- grain: un dépôt en vigueur qui a des statistiques locales
-- unite: chiffre
-- tables: controle.stat_locale controle.commune commun.stat_locale
-- parametres:
-- missions: 6 7
WITH prepare AS (
    SELECT DISTINCT
        stat_locale.centre_code,
        stat_locale.depot_id,
        commune.actuelle AS commune,
        stat_locale.indicateur_local,
        stat_locale.periode,
        coalesce(stat_locale.modalite, '') AS modalite
    FROM controle.stat_locale AS stat_locale
    JOIN controle.commune AS commune
        ON commune.code = stat_locale.commune_refnis
),
commun AS (
    SELECT DISTINCT
        commune,
        indicateur_local,
        periode,
        coalesce(modalite, '') AS modalite
    FROM commun.stat_locale
)
SELECT
    prepare.centre_code || ' (' || prepare.depot_id || ')' AS lieu,
    count(*) - count(commun.commune) AS valeur
FROM prepare
LEFT JOIN commun USING (commune, indicateur_local, periode, modalite)
GROUP BY prepare.centre_code, prepare.depot_id
