-- titre: Formateurs à la citoyenneté formés
-- grain: une formation de formateurs à la citoyenneté qui s'achève pendant la période
-- unite: participation
-- tables: commun.formation_pro commun.periode_couverte
-- parametres:
-- missions: 5
SELECT
    periode_couverte.periode,
    formation.centre_code,
    formation.centre_code || ':' || formation.formation_id AS unite_id,
    formation.formes AS numerateur
FROM commun.formation_pro AS formation
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = formation.centre_code
    AND formation.date_fin BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE formation.type = 'CITOYENNETE_FORMATEURS'
