-- titre: Divergence de définitions
-- grain: un indicateur de la dernière publication de l'année, pour un centre
-- unite: indicateur
-- tables: commun.accord_definition commun.definition commun.periode_couverte
-- parametres:
-- missions: 7
WITH derniere AS (
    SELECT
        periode_couverte.periode,
        periode_couverte.centre_code,
        max(accord_definition.fin) AS fin
    FROM commun.periode_couverte AS periode_couverte
    JOIN commun.accord_definition AS accord_definition
        ON accord_definition.centre_code = periode_couverte.centre_code
        AND accord_definition.fin BETWEEN periode_couverte.debut AND periode_couverte.fin
    GROUP BY periode_couverte.periode, periode_couverte.centre_code
)
SELECT
    derniere.periode,
    derniere.centre_code,
    accord_definition.indicateur AS unite_id,
    CAST(
        NOT accord_definition.est_accorde OR definition.version IS DISTINCT FROM accord_definition.version AS INTEGER
    ) AS numerateur,
    1 AS denominateur
FROM derniere
JOIN commun.accord_definition AS accord_definition
    ON accord_definition.centre_code = derniere.centre_code
    AND accord_definition.fin = derniere.fin
LEFT JOIN commun.definition AS definition
    ON definition.indicateur = accord_definition.indicateur
