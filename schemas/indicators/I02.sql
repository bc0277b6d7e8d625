-- titre: Personnes distinctes accompagnées
-- grain: une personne, dans un centre et par un dossier, qui a au moins un événement pendant la période
-- unite: personne
-- tables: commun.evenement commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a 1c
SELECT DISTINCT
    periode_couverte.periode,
    evenement.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    coalesce(dossier.personne_id, evenement.cle_dossier) AS unite_id,
    coalesce(strftime(dossier.date_ouverture, '%Y-%m-%d'), '') || ' ' || evenement.cle_dossier AS rang
FROM commun.evenement AS evenement
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = evenement.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = evenement.centre_code
    AND evenement.date BETWEEN periode_couverte.debut AND periode_couverte.fin
