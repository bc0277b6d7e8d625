-- titre: Part de l'offre des ILI agréées
-- grain: une session de français, d'alphabétisation ou de citoyenneté qui commence pendant la période
-- unite: heure programmée
-- tables: commun.session_offre commun.operateur commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 2
SELECT
    periode_couverte.periode,
    session_offre.centre_code,
    session_offre.centre_code || ':' || session_offre.session_id AS unite_id,
    CASE
        WHEN operateur.type = 'ILI_AGREEE'
            AND coalesce(operateur.agrement_debut <= session_offre.date_debut, true)
            AND coalesce(operateur.agrement_fin >= session_offre.date_debut, true)
            THEN session_offre.heures_programmees
        ELSE 0
    END AS numerateur,
    session_offre.heures_programmees AS denominateur
FROM commun.session_offre AS session_offre
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = session_offre.centre_code
    AND session_offre.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
JOIN commun.table_deposee AS table_deposee
    ON table_deposee.centre_code = session_offre.centre_code
    AND table_deposee.table_nom = 'operateur'
LEFT JOIN commun.operateur AS operateur
    ON operateur.centre_code = session_offre.centre_code
    AND operateur.operateur_id = session_offre.operateur_id
WHERE session_offre.axe IN ('FLE', 'ALPHA', 'CITOYENNETE')
