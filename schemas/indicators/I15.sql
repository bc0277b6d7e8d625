-- titre: Heures de français suivies
-- grain: une inscription de français terminée ou abandonnée pendant la période ; l'unité comptée est le dossier
-- unite: heure
-- tables: commun.inscription commun.operateur commun.periode_couverte
-- parametres:
-- missions: 1a 1d
SELECT
    periode_couverte.periode,
    inscription.centre_code,
    inscription.axe,
    operateur.type AS type_operateur,
    inscription.cle_dossier AS unite_id,
    inscription.heures_suivies AS numerateur
FROM commun.inscription AS inscription
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = inscription.centre_code
    AND inscription.date_fin BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN commun.operateur AS operateur
    ON operateur.centre_code = inscription.centre_code
    AND operateur.operateur_id = inscription.operateur_id
WHERE inscription.axe IN ('FLE', 'ALPHA')
    AND inscription.statut IN ('TERMINE', 'ABANDON')
