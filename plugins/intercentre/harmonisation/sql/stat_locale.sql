-- titre: Statistiques locales, une seule source par chiffre : la plus récente de Statbel, sinon le centre du ressort
-- grain: un indicateur local d'une commune (code de l'époque) et d'une période
-- unite: chiffre
-- tables: extrait.stat_locale reference.commune reference.depot_officiel
-- parametres:
-- missions: 6
-- cle: commune_refnis indicateur_local periode source modalite
WITH candidat AS (
    SELECT
        stat_locale.centre_code,
        stat_locale.depot_id,
        stat_locale.date_etat,
        stat_locale.commune_refnis,
        stat_locale.indicateur_local,
        stat_locale.periode,
        stat_locale.valeur,
        stat_locale.unite,
        stat_locale.source,
        stat_locale.date_source,
        stat_locale.modalite,
        coalesce(commune.actuelle, stat_locale.commune_refnis) AS commune,
        CAST(stat_locale.periode[1:4] AS INTEGER) AS annee,
        coalesce(depot.rang_officiel, 0) AS rang_officiel,
        stat_locale.source = 'STATBEL' AS est_officielle,
        coalesce(commune.centre_code = stat_locale.centre_code, false) AS est_du_ressort
    FROM extrait.stat_locale AS stat_locale
    LEFT JOIN reference.depot_officiel AS depot
        ON depot.depot_id = stat_locale.depot_id
    LEFT JOIN reference.commune AS commune
        ON commune.code = stat_locale.commune_refnis
)
SELECT
    centre_code,
    depot_id,
    date_etat,
    commune_refnis,
    indicateur_local,
    periode,
    valeur,
    unite,
    source,
    date_source,
    modalite,
    commune,
    annee
FROM candidat
QUALIFY dense_rank() OVER (
    PARTITION BY commune, periode, indicateur_local, modalite
    ORDER BY rang_officiel DESC, est_officielle DESC, est_du_ressort DESC, centre_code, source
) = 1
