-- titre: Doubles comptes entre centres
-- grain: une personne accompagnée pendant la période
-- unite: personne
-- tables: commun.presence commun.dossier commun.periode_couverte
-- parametres:
-- missions: 7
WITH accompagnement AS (
    SELECT
        periode_couverte.periode,
        presence.centre_code,
        coalesce(dossier.personne_id, presence.cle_dossier) AS personne_id,
        coalesce(dossier.dossiers_personne = 1, false) AS est_seule
    FROM commun.presence AS presence
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = presence.centre_code
        AND periode_couverte.type = presence.type
        AND periode_couverte.debut = presence.debut
    LEFT JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = presence.cle_dossier
)
SELECT
    periode,
    personne_id AS unite_id,
    0 AS numerateur,
    1 AS denominateur
FROM accompagnement
WHERE est_seule
UNION ALL
SELECT
    periode,
    personne_id AS unite_id,
    count(DISTINCT centre_code) - 1 AS numerateur,
    count(DISTINCT centre_code) AS denominateur
FROM accompagnement
WHERE NOT est_seule
GROUP BY periode, personne_id
