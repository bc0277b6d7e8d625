-- titre: ce qui diffère de la publication précédente, chiffre par chiffre
-- grain: un indicateur, une période, un territoire, une dimension, une modalité dont quelque chose a changé
-- unite: celle de la colonne unite
-- tables: indicateurs precedente
-- parametres:
-- missions: 7
-- cle: indicateur periode territoire_type territoire dimension modalite
WITH apparie AS (
    SELECT
        indicateur,
        periode,
        territoire_type,
        territoire,
        dimension,
        modalite,
        coalesce(indicateurs.unite, precedente.unite) AS unite,
        precedente.valeur AS avant,
        indicateurs.valeur AS apres,
        CASE
            WHEN precedente.statut_secret IS NULL THEN 'nouveau'
            -- that a withheld count is a zero now is told nobody
            WHEN indicateurs.statut_secret IS NULL AND precedente.statut_secret = 'masque' THEN 'inchange'
            WHEN indicateurs.statut_secret IS NULL THEN 'retire'
            WHEN precedente.statut_secret = 'libre' AND indicateurs.statut_secret = 'masque' THEN 'masque'
            WHEN precedente.statut_secret = 'masque' AND indicateurs.statut_secret = 'libre' THEN 'communique'
            WHEN indicateurs.statut_secret = 'masque' THEN 'inchange'
            WHEN precedente.valeur IS DISTINCT FROM indicateurs.valeur
                OR precedente.numerateur IS DISTINCT FROM indicateurs.numerateur
                OR precedente.denominateur IS DISTINCT FROM indicateurs.denominateur
                THEN 'revise'
            WHEN precedente.statut_obs = 'provisoire' AND indicateurs.statut_obs = 'definitif' THEN 'definitif'
            ELSE 'inchange'
        END AS nature
    FROM indicateurs
    FULL OUTER JOIN precedente
        USING (indicateur, periode, territoire_type, territoire, dimension, modalite)
)

SELECT
    indicateur,
    periode,
    territoire_type,
    territoire,
    dimension,
    modalite,
    nature,
    unite,
    -- Former and new value only where both are public: a figure that was withdrawn or masked is not repeated.
    CASE WHEN nature = 'revise' THEN avant END AS ancienne_valeur,
    CASE WHEN nature IN ('revise', 'nouveau', 'communique') THEN apres END AS nouvelle_valeur
FROM apparie
WHERE nature <> 'inchange'
ORDER BY indicateur, periode, territoire_type, territoire, dimension, modalite
