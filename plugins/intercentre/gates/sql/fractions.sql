-- titre: Numérateurs, dénominateurs et effectifs impossibles
-- grain: un indicateur et une période
-- unite: chiffre
-- tables: observation controle.definition
-- parametres:
-- missions: 7
SELECT
    observation.indicateur || ', ' || observation.periode AS lieu,
    count(*) FILTER (
        WHERE definition.minimum >= 0 AND observation.numerateur < 0
            OR observation.denominateur < 0
            OR observation.effectif < 0
            OR definition.mesure = 'part'
            AND definition.maximum IS NOT NULL  -- else the part may exceed what it is related to
            AND observation.numerateur > observation.denominateur + 1e-6
    ) AS valeur
FROM observation
JOIN controle.definition AS definition
    ON definition.indicateur = observation.indicateur
GROUP BY observation.indicateur, observation.periode
