-- titre: Conventions signées
-- grain: une convention (avenants exclus) signée pendant la période
-- unite: convention
-- tables: commun.convention commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a
SELECT
    periode_couverte.periode,
    convention.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    convention.centre_code || ':' || convention.convention_id AS unite_id
FROM commun.convention AS convention
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = convention.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = convention.centre_code
    AND convention.date_signature BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE convention.avenant = 0
