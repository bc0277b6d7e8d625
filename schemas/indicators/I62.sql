-- titre: Dispersion entre centres
-- grain: un centre comparable, pour un indicateur et une période
-- unite: centre
-- tables: comparable
-- parametres:
-- missions: 7
SELECT
    periode,
    indicateur AS indicateur_compare,
    centre_code AS unite_id,
    numerateur,
    denominateur
FROM comparable
