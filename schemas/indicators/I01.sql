-- titre: Dossiers ouverts
-- grain: un dossier ouvert pendant une période couverte par son centre
-- unite: dossier
-- tables: commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.commune,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.motif_sejour,
    dossier.niveau_diplome,
    dossier.canal_entree,
    dossier.cle_dossier AS unite_id
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_ouverture BETWEEN periode_couverte.debut AND periode_couverte.fin
