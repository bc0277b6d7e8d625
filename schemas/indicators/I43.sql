-- titre: Couverture thématique du plan local d'intégration
-- grain: un axe d'un plan en cours pendant la période
-- unite: axe de plan
-- tables: commun.pli_action commun.periode_couverte
-- parametres:
-- missions: 2
WITH axe_de_plan AS (
    SELECT
        centre_code,
        plan_id,
        axe,
        min(plan_debut) AS plan_debut,
        max(plan_fin) AS plan_fin,
        bool_or(statut IN ('EN_COURS', 'REALISEE')) AS est_couvert
    FROM commun.pli_action
    GROUP BY centre_code, plan_id, axe
)
SELECT
    periode_couverte.periode,
    axe_de_plan.centre_code,
    axe_de_plan.centre_code || ':' || axe_de_plan.plan_id || ':' || axe_de_plan.axe AS unite_id,
    CAST(axe_de_plan.est_couvert AS INTEGER) AS numerateur,
    1 AS denominateur
FROM axe_de_plan
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = axe_de_plan.centre_code
    AND axe_de_plan.plan_debut <= periode_couverte.fin
    AND axe_de_plan.plan_fin >= periode_couverte.debut
