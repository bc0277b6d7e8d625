-- titre: Réunions de plateformes
-- grain: une réunion de plateforme tenue pendant la période
-- unite: organisation présente
-- tables: commun.plateforme_reunion commun.periode_couverte
-- parametres:
-- missions: 2 3
SELECT
    periode_couverte.periode,
    reunion.centre_code,
    reunion.thematique AS axe_pli,
    reunion.centre_code || ':' || reunion.reunion_id AS unite_id,
    reunion.organisations_presentes AS numerateur,
    1 AS denominateur
FROM commun.plateforme_reunion AS reunion
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = reunion.centre_code
    AND reunion.date BETWEEN periode_couverte.debut AND periode_couverte.fin
