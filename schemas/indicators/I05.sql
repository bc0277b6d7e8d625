-- titre: Taux d'orientation communale effective
-- grain: les signalements d'une commune à un centre en un mois de la période
-- unite: personne signalée
-- tables: commun.flux_commune commun.territoire commun.periode_couverte
-- parametres:
-- missions: 1b
SELECT
    periode_couverte.periode,
    flux_commune.centre_code,
    CASE
        WHEN territoire.commune IS NOT NULL THEN territoire.commune
        WHEN flux_commune.commune = '00000' THEN '00000'
        ELSE '99999'
    END AS commune,
    CASE
        WHEN territoire.commune IS NOT NULL THEN territoire.arrondissement
        WHEN flux_commune.commune = '00000' THEN '00000'
        ELSE '99999'
    END AS arrondissement,
    flux_commune.centre_code || ' ' || flux_commune.commune_refnis || ' ' || flux_commune.mois AS unite_id,
    flux_commune.inscrits_au_centre AS numerateur,
    flux_commune.signales_par_commune AS denominateur
FROM commun.flux_commune AS flux_commune
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = flux_commune.centre_code
    AND CAST(flux_commune.mois || '-01' AS DATE) BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.territoire AS territoire
    ON territoire.commune = flux_commune.commune
