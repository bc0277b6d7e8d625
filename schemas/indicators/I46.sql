-- titre: Part des participantes
-- grain: une activité de la mission 4 qui commence pendant la période et où les femmes sont comptées
-- unite: participation
-- tables: commun.activite commun.periode_couverte
-- parametres:
-- missions: 4
SELECT
    periode_couverte.periode,
    activite.centre_code,
    activite.type AS type_activite,
    activite.centre_code || ':' || activite.activite_id AS unite_id,
    activite.participantes_f AS numerateur,
    activite.participants AS denominateur
FROM commun.activite AS activite
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = activite.centre_code
    AND activite.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE activite.mission = '4' AND activite.participantes_f IS NOT NULL
