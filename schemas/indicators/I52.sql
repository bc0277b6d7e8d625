-- titre: Primo-arrivants pour 1 000 étrangers hors UE+
-- grain: une commune d'aujourd'hui et une année, sa population connue et l'année couverte par le centre de son ressort
-- unite: dossier, et étranger hors UE+
-- tables: commun.stat_locale commun.dossier commun.territoire commun.periode_couverte
-- parametres:
-- missions: 6
WITH population AS (
    SELECT
        commune,
        periode,
        sum(valeur) AS etrangers
    FROM commun.stat_locale
    WHERE length(periode) = 4
        AND modalite IS NULL
        AND indicateur_local = 'ETRANGERS_HORS_UE_PLUS_18_64'
        AND est_entiere
    GROUP BY commune, periode
),
ouverture AS (
    SELECT
        dossier.commune,
        periode_couverte.periode,
        count(*) AS dossiers
    FROM commun.dossier AS dossier
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = dossier.centre_code
        AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
    WHERE dossier.statut_public = 'OBLIGE'
    GROUP BY dossier.commune, periode_couverte.periode
)
SELECT
    population.periode,
    territoire.centre_code,
    territoire.commune,
    territoire.arrondissement,
    territoire.province,
    territoire.commune AS unite_id,
    coalesce(ouverture.dossiers, 0) AS numerateur,
    population.etrangers AS denominateur
FROM population
JOIN commun.territoire AS territoire
    ON territoire.commune = population.commune
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = territoire.centre_code
    AND periode_couverte.periode = population.periode
LEFT JOIN ouverture
    ON ouverture.periode = population.periode
    AND ouverture.commune = population.commune
