-- titre: Doubles comptes entre centres
-- grain: une personne accompagnée dans un centre pendant la période
-- unite: personne dans un centre
-- tables: commun.evenement commun.dossier commun.periode_couverte
-- parametres:
-- missions: 7
WITH presence AS (
    SELECT DISTINCT
        periode_couverte.periode,
        evenement.centre_code,
        coalesce(dossier.personne_id, evenement.cle_dossier) AS personne_id
    FROM commun.evenement AS evenement
    LEFT JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = evenement.cle_dossier
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = evenement.centre_code
        AND evenement.date BETWEEN periode_couverte.debut AND periode_couverte.fin
)
SELECT
    periode,
    centre_code,
    centre_code || ' ' || personne_id AS unite_id,
    CAST(
        row_number() OVER (PARTITION BY periode, personne_id ORDER BY centre_code) > 1 AS INTEGER
    ) AS numerateur,
    1 AS denominateur
FROM presence
