-- titre: Personnes distinctes accompagnées
-- grain: une personne, dans un centre et par un dossier, qui a au moins un événement pendant la période
-- unite: personne
-- tables: commun.presence commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a 1c
-- seules: est_seule
WITH plusieurs_dossiers AS (
    SELECT personne_id
    FROM commun.dossier
    GROUP BY personne_id
    HAVING count(*) > 1
),
identite AS (
    SELECT
        dossier.cle_dossier,
        dossier.personne_id,
        dossier.date_ouverture,
        dossier.sexe,
        dossier.groupe_age,
        dossier.groupe_nationalite,
        dossier.statut_public,
        dossier.personne_id IS NOT NULL AND plusieurs_dossiers.personne_id IS NULL AS est_seule
    FROM commun.dossier AS dossier
    LEFT JOIN plusieurs_dossiers
        ON plusieurs_dossiers.personne_id = dossier.personne_id
)
SELECT
    periode_couverte.periode,
    presence.centre_code,
    identite.sexe,
    identite.groupe_age,
    identite.groupe_nationalite,
    identite.statut_public,
    coalesce(identite.personne_id, presence.cle_dossier) AS unite_id,
    (coalesce(identite.date_ouverture, DATE '1900-01-01'), presence.cle_dossier) AS rang,
    coalesce(identite.est_seule, false) AS est_seule
FROM commun.presence AS presence
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = presence.centre_code
    AND periode_couverte.type = presence.type
    AND periode_couverte.debut = presence.debut
LEFT JOIN identite
    ON identite.cle_dossier = presence.cle_dossier
