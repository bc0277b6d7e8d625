-- titre: Ponctualité
-- grain: une période pour laquelle un centre a un dépôt accepté
-- unite: jour
-- tables: commun.depot_recu commun.periode_couverte
-- parametres:
-- missions: 7
SELECT
    periode_couverte.periode,
    depot_recu.centre_code,
    depot_recu.centre_code AS unite_id,
    depot_recu.retard_jours AS valeur
FROM commun.depot_recu AS depot_recu
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = depot_recu.centre_code
    AND periode_couverte.periode = depot_recu.periode
