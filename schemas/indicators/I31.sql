-- titre: Demandes d'interprétariat non honorées
-- grain: les demandes d'une langue dans un centre pendant la période, tous prestataires ensemble
-- unite: demande
-- tables: commun.interpretariat commun.periode_couverte
-- parametres:
-- missions: 1a 3
SELECT
    periode_couverte.periode,
    interpretariat.centre_code,
    interpretariat.langue,
    interpretariat.centre_code || ':' || interpretariat.langue AS unite_id,
    greatest(sum(interpretariat.demandes) - sum(interpretariat.honorees), 0) AS numerateur,
    sum(interpretariat.demandes) AS denominateur
FROM commun.interpretariat AS interpretariat
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = interpretariat.centre_code
    AND CAST(interpretariat.mois || '-01' AS DATE) BETWEEN periode_couverte.debut AND periode_couverte.fin
GROUP BY periode_couverte.periode, interpretariat.centre_code, interpretariat.langue
