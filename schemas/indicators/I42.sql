-- titre: Exécution du plan local d'intégration
-- grain: une action échue à la fin de la période, d'un plan en cours pendant la période
-- unite: action
-- tables: commun.pli_action commun.periode_couverte
-- parametres:
-- missions: 2
SELECT
    periode_couverte.periode,
    pli_action.centre_code,
    pli_action.axe AS axe_pli,
    pli_action.centre_code || ':' || pli_action.plan_id || ':' || pli_action.action_id AS unite_id,
    CAST(pli_action.statut = 'REALISEE' AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.pli_action AS pli_action
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = pli_action.centre_code
    AND pli_action.echeance <= periode_couverte.fin
    AND pli_action.plan_debut <= periode_couverte.fin
    AND pli_action.plan_fin >= periode_couverte.debut
