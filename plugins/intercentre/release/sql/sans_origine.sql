-- titre: chiffres communiqués qui ne sont pas ceux des observations calculées
-- grain: une ligne en tout
-- unite: chiffres
-- tables: protege
-- parametres: observations
-- missions: 7
SELECT count(*) AS nombre
FROM protege
LEFT JOIN read_parquet($observations) AS calcule
    USING (indicateur, periode, territoire_type, territoire, dimension, modalite)
WHERE calcule.unite IS NULL
    OR (
        protege.statut_secret = 'libre'
        AND calcule.secret <> 'taux_seul'
        AND (
            protege.valeur IS DISTINCT FROM calcule.valeur
            OR protege.numerateur IS DISTINCT FROM calcule.numerateur
            OR protege.denominateur IS DISTINCT FROM calcule.denominateur
        )
    )
    OR (
        -- rounded, and without its two numbers
        calcule.secret = 'taux_seul'
        AND (
            coalesce(abs(protege.valeur - calcule.valeur) > 0.5, (protege.valeur IS NULL) <> (calcule.valeur IS NULL))
            OR protege.numerateur IS NOT NULL
            OR protege.denominateur IS NOT NULL
        )
    )
