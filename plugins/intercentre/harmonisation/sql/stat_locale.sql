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
        coalesce(commune.actuelle = stat_locale.commune_refnis, true) AS est_actuelle,
        (
            coalesce(depot.rang_officiel, 0),
            stat_locale.source = 'STATBEL',
            coalesce(commune.centre_code = stat_locale.centre_code, false)
        ) AS rang
    FROM extrait.stat_locale AS stat_locale
    LEFT JOIN reference.depot_officiel AS depot
        ON depot.depot_id = stat_locale.depot_id
    LEFT JOIN reference.commune AS commune
        ON commune.code = stat_locale.commune_refnis
),
du_code AS (
    FROM candidat
    QUALIFY row_number() OVER (
        PARTITION BY commune_refnis, periode, indicateur_local, modalite ORDER BY rang DESC, centre_code, source
    ) = 1
),
anciennes AS (
    SELECT
        actuelle AS commune,
        count(*) AS codes
    FROM reference.commune
    WHERE code <> actuelle
    GROUP BY actuelle
),
lecture AS (
    -- a commune that merged is told by its present code, or by all those it came from: never by both
    SELECT
        du_code.centre_code,
        du_code.depot_id,
        du_code.date_etat,
        du_code.commune_refnis,
        du_code.indicateur_local,
        du_code.periode,
        du_code.valeur,
        du_code.unite,
        du_code.source,
        du_code.date_source,
        du_code.modalite,
        du_code.commune,
        du_code.est_actuelle,
        max(du_code.rang) OVER du_meme_genre AS rang,
        du_code.est_actuelle OR count(*) OVER du_meme_genre = anciennes.codes AS est_entiere
    FROM du_code
    LEFT JOIN anciennes
        ON anciennes.commune = du_code.commune
    WINDOW du_meme_genre AS (
        PARTITION BY
            du_code.commune, du_code.periode, du_code.indicateur_local, du_code.modalite, du_code.est_actuelle
    )
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
    CAST(periode[1:4] AS INTEGER) AS annee,
    est_entiere
FROM lecture
QUALIFY dense_rank() OVER (
    PARTITION BY commune, periode, indicateur_local, modalite ORDER BY est_entiere DESC, rang DESC, est_actuelle DESC
) = 1
