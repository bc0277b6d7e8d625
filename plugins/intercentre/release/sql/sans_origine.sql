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
        AND (
            protege.valeur IS DISTINCT FROM calcule.valeur
            OR protege.numerateur IS DISTINCT FROM calcule.numerateur
            OR protege.denominateur IS DISTINCT FROM calcule.denominateur
        )
    )
