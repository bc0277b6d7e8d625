-- titre: Chiffres de chaque indicateur du catalogue
-- grain: un indicateur qui n'est pas retiré
-- unite: chiffre
-- tables: controle.definition observation
-- parametres:
-- missions: 7
SELECT
    definition.indicateur || ' ' || definition.titre AS lieu,
    count(observation.valeur) AS valeur
FROM controle.definition AS definition
LEFT JOIN observation
    ON observation.indicateur = definition.indicateur
GROUP BY definition.indicateur, definition.titre
