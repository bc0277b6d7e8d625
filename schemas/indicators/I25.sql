-- titre: Non-présentation après une orientation
-- grain: une inscription orientée pendant la période et non annulée
-- unite: inscription
-- tables: commun.inscription commun.dossier commun.operateur commun.periode_couverte
-- parametres:
-- missions: 1d
SELECT
    periode_couverte.periode,
    inscription.centre_code,
    inscription.axe,
    operateur.type AS type_operateur,
    inscription.centre_code || ':' || inscription.inscription_id AS unite_id,
    CAST(inscription.statut = 'NON_PRESENTE' AS INTEGER) AS numerateur,
    1 AS denominateur,
    inscription.statut <> 'ATTENTE' AND coalesce(inscription.date_debut <= inscription.date_etat, true) AS est_mur
FROM commun.inscription AS inscription
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = inscription.centre_code
    AND inscription.date_orientation BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = inscription.cle_dossier
LEFT JOIN commun.operateur AS operateur
    ON operateur.centre_code = inscription.centre_code
    AND operateur.operateur_id = inscription.operateur_id
WHERE inscription.statut <> 'ANNULE'
    AND NOT (inscription.statut = 'ATTENTE' AND coalesce(dossier.date_cloture <= inscription.date_etat, false))
