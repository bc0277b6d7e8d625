-- titre: Doubles comptes entre centres
-- grain: une personne accompagnée pendant la période
-- unite: personne
-- tables: commun.presence commun.dossier commun.periode_couverte
-- parametres:
-- missions: 7
WITH accompagnement AS (
    SELECT DISTINCT
        periode_couverte.periode,
        presence.centre_code,
        coalesce(dossier.personne_id, presence.cle_dossier) AS personne_id
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
    count(*) - 1 AS numerateur,
    count(*) AS denominateur
FROM accompagnement
GROUP BY periode, personne_id
