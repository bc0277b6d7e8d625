-- titre: Centres comptés, reportés et manquants de chaque période, part du public qu'ils ont faite un an avant, ruptures
-- grain: une période
-- unite: centre
-- tables: commun.periode commun.couverture commun.periode_couverte commun.table_deposee commun.regime observation
-- parametres: total
-- missions: 7
-- cle: periode
WITH centre AS (
    SELECT
        periode.periode,
        periode.type,
        periode.debut,
        periode.fin,
        couverture.centre_code,
        CASE
            WHEN periode_couverte.centre_code IS NULL THEN 'manquante'
            ELSE couverture.etat
        END AS etat,
        un_an_avant.numerateur AS dossiers
    FROM commun.periode AS periode
    CROSS JOIN commun.couverture AS couverture
    LEFT JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.periode = periode.periode
        AND periode_couverte.centre_code = couverture.centre_code
    LEFT JOIN observation AS un_an_avant
        ON un_an_avant.indicateur = 'I01'
        AND un_an_avant.dimension = $total
        AND un_an_avant.territoire_type = 'centre'
        AND un_an_avant.territoire = couverture.centre_code
        AND un_an_avant.periode = CAST(periode.periode[1:4] AS INTEGER) - 1 || periode.periode[5:]
),
par_periode AS (
    SELECT
        periode,
        type,
        debut,
        fin,
        coalesce(list(centre_code ORDER BY centre_code) FILTER (WHERE etat = 'presente'), []) AS centres_presents,
        coalesce(list(centre_code ORDER BY centre_code) FILTER (WHERE etat = 'reportee'), []) AS centres_reportes,
        coalesce(list(centre_code ORDER BY centre_code) FILTER (WHERE etat = 'manquante'), []) AS centres_manquants,
        CASE
            WHEN count(dossiers) = count(*) THEN
                round(coalesce(sum(dossiers) FILTER (WHERE etat <> 'manquante'), 0) / nullif(sum(dossiers), 0), 2)
        END AS part_public_couverte
    FROM centre
    GROUP BY periode, type, debut, fin
),
compare AS (
    SELECT
        periode,
        debut,
        fin,
        centres_presents,
        centres_reportes,
        centres_manquants,
        part_public_couverte,
        lag(debut) OVER (PARTITION BY type ORDER BY debut) AS debut_precedent,
        lag(centres_manquants, 1, centres_manquants) OVER (
            PARTITION BY type ORDER BY debut
        ) <> centres_manquants AS a_d_autres_centres
    FROM par_periode
)
SELECT
    periode,
    centres_presents,
    centres_reportes,
    centres_manquants,
    part_public_couverte,
    list_filter(
        [
            CASE WHEN a_d_autres_centres THEN 'CENTRES' END,
            CASE
                WHEN EXISTS (
                    SELECT 1
                    FROM commun.table_deposee AS table_deposee
                    JOIN commun.couverture AS couverture
                        ON couverture.centre_code = table_deposee.centre_code
                    WHERE table_deposee.debut_historique > couverture.debut_historique
                        AND table_deposee.debut_historique > compare.debut_precedent
                        AND table_deposee.debut_historique <= compare.debut
                ) THEN 'TABLE'
            END,
            CASE
                WHEN EXISTS (SELECT 1 FROM commun.regime AS regime WHERE regime.debut BETWEEN compare.debut AND compare.fin)
                    THEN 'REGIME'
            END
        ],
        lambda rupture: rupture IS NOT NULL
    ) AS ruptures
FROM compare
