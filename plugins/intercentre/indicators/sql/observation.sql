-- titre: Observations des indicateurs : valeurs, zéros vrais, et lieux sans réponse
-- grain: un indicateur, une période, un lieu, une dimension et une modalité
-- unite: celle de l'indicateur ; pour cent pour ceux qui attendent encore
-- tables: cumul attendu definition
-- parametres: date_etat total attente
-- missions: 7
-- cle: indicateur periode territoire_type territoire dimension modalite
WITH lieu AS (
    SELECT
        attendu.indicateur,
        attendu.periode,
        attendu.territoire_type,
        attendu.territoire,
        attendu.couverture,
        attendu.est_couvert,
        attendu.est_arrive,
        definition.mesure,
        definition.est_cohorte
    FROM attendu
    JOIN definition
        ON definition.indicateur = attendu.indicateur
),
du_lieu AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        max(denominateur) FILTER (WHERE dimension = $total) AS denominateur,
        max(effectif) FILTER (WHERE dimension = $total) AS effectif,
        bool_and(est_mure) AS est_mure
    FROM cumul
    WHERE modalite IS NOT NULL
    GROUP BY indicateur, periode, territoire_type, territoire
),
rapporte AS (
    SELECT
        cumul.indicateur,
        cumul.periode,
        cumul.territoire_type,
        cumul.territoire,
        cumul.dimension,
        cumul.modalite,
        definition.mesure,
        definition.facteur,
        definition.est_cohorte,
        cumul.numerateur,
        CASE
            WHEN list_contains(definition.dimensions_du_total, cumul.dimension) THEN du_lieu.denominateur
            ELSE cumul.denominateur
        END AS denominateur,
        cumul.mediane,
        CASE
            WHEN list_contains(definition.dimensions_du_total, cumul.dimension) THEN du_lieu.effectif
            ELSE cumul.effectif
        END AS effectif,
        du_lieu.est_mure
    FROM cumul
    JOIN definition
        ON definition.indicateur = cumul.indicateur
    JOIN du_lieu
        ON du_lieu.indicateur = cumul.indicateur
        AND du_lieu.periode = cumul.periode
        AND du_lieu.territoire_type = cumul.territoire_type
        AND du_lieu.territoire = cumul.territoire
    WHERE cumul.modalite IS NOT NULL
),
cellule AS (
    SELECT
        rapporte.indicateur,
        rapporte.periode,
        rapporte.territoire_type,
        rapporte.territoire,
        rapporte.dimension,
        rapporte.modalite,
        CASE
            WHEN rapporte.mesure IN ('part', 'rapport')
                THEN round(rapporte.facteur * rapporte.numerateur / nullif(rapporte.denominateur, 0), 6)
            WHEN rapporte.mesure IN ('mediane', 'dispersion') THEN rapporte.mediane
            ELSE rapporte.numerateur
        END AS valeur,
        rapporte.numerateur,
        rapporte.denominateur,
        rapporte.effectif,
        coalesce(lieu.couverture, region.couverture) AS couverture,
        rapporte.est_mure AND coalesce(lieu.est_arrive, region.est_arrive) AS est_definitive
    FROM rapporte
    JOIN lieu AS region
        ON region.indicateur = rapporte.indicateur
        AND region.periode = rapporte.periode
        AND region.territoire_type = 'region'
    LEFT JOIN lieu
        ON lieu.indicateur = rapporte.indicateur
        AND lieu.periode = rapporte.periode
        AND lieu.territoire_type = rapporte.territoire_type
        AND lieu.territoire = rapporte.territoire
    WHERE NOT rapporte.est_cohorte OR rapporte.effectif > 0
),
zero AS (
    SELECT
        lieu.indicateur,
        lieu.periode,
        lieu.territoire_type,
        lieu.territoire,
        $total AS dimension,
        $total AS modalite,
        CASE WHEN lieu.mesure IN ('compte', 'distinct', 'somme') THEN 0 END AS valeur,
        CASE WHEN lieu.mesure <> 'mediane' THEN 0 END AS numerateur,
        CASE WHEN lieu.mesure IN ('part', 'rapport', 'mediane', 'dispersion') THEN 0 END AS denominateur,
        0 AS effectif,
        lieu.couverture,
        lieu.est_arrive AS est_definitive
    FROM lieu
    ANTI JOIN (
        SELECT
            indicateur,
            periode,
            territoire_type,
            territoire
        FROM cellule
        WHERE dimension <> $attente  -- where all wait still, no wait that is over is a true zero
    ) AS compte USING (indicateur, periode, territoire_type, territoire)
    WHERE lieu.est_couvert AND NOT lieu.est_cohorte
),
sans_reponse AS (
    SELECT
        lieu.indicateur,
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
    ANTI JOIN cellule USING (indicateur, periode, territoire_type, territoire)
    WHERE NOT lieu.est_couvert
        AND (
            NOT lieu.est_cohorte
            OR (lieu.indicateur, lieu.periode) IN (
                SELECT (indicateur, periode) FROM cellule WHERE territoire_type = 'region'
            )
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
    toutes.indicateur,
    definition.version AS version_definition,
    toutes.periode,
    toutes.territoire_type,
    toutes.territoire,
    toutes.dimension,
    toutes.modalite,
    CAST(toutes.valeur AS DOUBLE) AS valeur,
    CAST(toutes.numerateur AS DOUBLE) AS numerateur,
    CAST(toutes.denominateur AS DOUBLE) AS denominateur,
    CASE WHEN toutes.dimension = $attente THEN '%' ELSE definition.unite END AS unite,
    CASE WHEN toutes.est_definitive THEN 'definitif' ELSE 'provisoire' END AS statut_obs,
    toutes.couverture,
    $date_etat AS date_etat,
    CAST(toutes.effectif AS BIGINT) AS effectif,
    definition.secret
FROM toutes
JOIN definition
    ON definition.indicateur = toutes.indicateur
