-- titre: Délai du titre de séjour au premier contact
-- grain: un dossier obligé, hors transferts entrants, dont le premier contact a lieu pendant la période
-- unite: jour
-- tables: commun.dossier commun.transfert commun.periode_couverte
-- parametres:
-- missions: 1a
SELECT
    periode_couverte.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.cle_dossier AS unite_id,
    dossier.date_premier_contact - dossier.date_titre AS valeur
FROM commun.dossier AS dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = dossier.centre_code
    AND dossier.date_premier_contact BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE dossier.statut_public = 'OBLIGE'
    AND dossier.date_titre <= dossier.date_premier_contact
    AND NOT EXISTS (
        SELECT 1
        FROM commun.transfert AS transfert
        WHERE transfert.cle_dossier = dossier.cle_dossier
            AND transfert.sens = 'ENTRANT'
            AND transfert.statut = 'EFFECTIF'
    )
