-- titre: Nombre attendu de chaque centre, aux taux de la région dans chaque catégorie de public
-- grain: un indicateur, une période et un centre
-- unite: celle de l'indicateur
-- tables: strate
-- parametres:
-- missions: 7
WITH taux AS (
    SELECT
        indicateur,
        periode,
        strate,
        sum(numerateur) / sum(denominateur) AS taux
    FROM strate
    GROUP BY indicateur, periode, strate
)
SELECT
    strate.indicateur,
    strate.periode,
    strate.centre_code,
    sum(strate.denominateur * taux.taux) AS attendu
FROM strate
JOIN taux
    ON taux.indicateur = strate.indicateur
    AND taux.periode = strate.periode
    AND taux.strate = strate.strate
GROUP BY strate.indicateur, strate.periode, strate.centre_code
