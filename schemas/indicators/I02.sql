-- titre: Personnes distinctes accompagnées
-- grain: une personne, dans un centre et par un dossier, qui a au moins un événement pendant la période
-- unite: personne
-- tables: commun.presence commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a 1c
-- seules: est_seule
SELECT
    periode_couverte.periode,
    presence.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    coalesce(dossier.personne_id, presence.cle_dossier) AS unite_id,
    (coalesce(dossier.date_ouverture, DATE '1900-01-01'), presence.cle_dossier) AS rang,
    coalesce(dossier.dossiers_personne = 1, false) AS est_seule
FROM commun.presence AS presence
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = presence.centre_code
    AND periode_couverte.type = presence.type
    AND periode_couverte.debut = presence.debut
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = presence.cle_dossier
