-- titre: Observations d'un indicateur : valeurs, zéros vrais, et lieux sans réponse
-- grain: une période, un lieu, une dimension et une modalité
-- unite: celle de l'indicateur
-- tables: cumul attendu
-- parametres: indicateur version mesure unite facteur secret dimensions_du_total types lieux est_cohorte date_etat total
-- missions: 7
-- cle: indicateur periode territoire_type territoire dimension modalite
WITH lieu AS (
    SELECT
        attendu.periode,
        attendu.territoire_type,
        attendu.territoire,
        attendu.couverture,
        attendu.est_couvert,
        attendu.est_arrive
    FROM attendu
    WHERE list_contains($types, attendu.type) AND list_contains($lieux, attendu.territoire_type)
),
rapporte AS (
    SELECT
        periode,
        territoire_type,
        territoire,
        dimension,
        modalite,
        numerateur,
        CASE
            WHEN list_contains($dimensions_du_total, dimension)
                THEN max(denominateur) FILTER (WHERE dimension = $total) OVER du_lieu
            ELSE denominateur
        END AS denominateur,
        mediane,
        CASE
            WHEN list_contains($dimensions_du_total, dimension)
                THEN max(effectif) FILTER (WHERE dimension = $total) OVER du_lieu
            ELSE effectif
        END AS effectif,
        bool_and(est_mure) OVER du_lieu AS est_mure
    FROM cumul
    WHERE modalite IS NOT NULL
    WINDOW du_lieu AS (PARTITION BY periode, territoire_type, territoire)
),
cellule AS (
    SELECT
        rapporte.periode,
        rapporte.territoire_type,
        rapporte.territoire,
        rapporte.dimension,
        rapporte.modalite,
        CASE
            WHEN $mesure IN ('part', 'rapport')
                THEN round($facteur * rapporte.numerateur / nullif(rapporte.denominateur, 0), 6)
            WHEN $mesure IN ('mediane', 'dispersion') THEN rapporte.mediane
            ELSE rapporte.numerateur
        END AS valeur,
        rapporte.numerateur,
        rapporte.denominateur,
        rapporte.effectif,
        coalesce(lieu.couverture, region.couverture) AS couverture,
        rapporte.est_mure AND coalesce(lieu.est_arrive, region.est_arrive) AS est_definitive
    FROM rapporte
    JOIN lieu AS region
        ON region.periode = rapporte.periode
        AND region.territoire_type = 'region'
    LEFT JOIN lieu
        ON lieu.periode = rapporte.periode
        AND lieu.territoire_type = rapporte.territoire_type
        AND lieu.territoire = rapporte.territoire
    WHERE NOT $est_cohorte OR rapporte.effectif > 0
),
zero AS (
    SELECT
        lieu.periode,
        lieu.territoire_type,
        lieu.territoire,
        $total AS dimension,
        $total AS modalite,
        CASE WHEN $mesure IN ('compte', 'distinct', 'somme') THEN 0 END AS valeur,
        CASE WHEN $mesure <> 'mediane' THEN 0 END AS numerateur,
        CASE WHEN $mesure IN ('part', 'rapport', 'mediane', 'dispersion') THEN 0 END AS denominateur,
        0 AS effectif,
        lieu.couverture,
        lieu.est_arrive AS est_definitive
    FROM lieu
    ANTI JOIN cellule USING (periode, territoire_type, territoire)
    WHERE lieu.est_couvert AND NOT $est_cohorte
),
sans_reponse AS (
    SELECT
        lieu.periode,
        lieu.territoire_type,
        lieu.territoire,
        $total AS dimension,
        $total AS modalite,
        NULL AS valeur,
        NULL AS numerateur,
        NULL AS denominateur,
        0 AS effectif,
        lieu.couverture,
        lieu.est_arrive AS est_definitive
    FROM lieu
    WHERE NOT lieu.est_couvert
        AND (
            NOT $est_cohorte
            OR lieu.periode IN (SELECT periode FROM cellule WHERE territoire_type = 'region')
        )
),
toutes AS (
    FROM cellule
    UNION ALL BY NAME
    FROM zero
    UNION ALL BY NAME
    FROM sans_reponse
)
SELECT
    $indicateur AS indicateur,
    $version AS version_definition,
    periode,
    territoire_type,
    territoire,
    dimension,
    modalite,
    CAST(valeur AS DOUBLE) AS valeur,
    CAST(numerateur AS DOUBLE) AS numerateur,
    CAST(denominateur AS DOUBLE) AS denominateur,
    $unite AS unite,
    CASE WHEN est_definitive THEN 'definitif' ELSE 'provisoire' END AS statut_obs,
    couverture,
    $date_etat AS date_etat,
    CAST(effectif AS BIGINT) AS effectif,
    $secret AS secret
FROM toutes
