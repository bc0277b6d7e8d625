-- titre: Délai d'attente avant une formation
-- grain: une inscription qui commence pendant la période
-- unite: jour
-- tables: commun.inscription commun.periode_couverte
-- parametres:
-- missions: 1d
SELECT
    periode_couverte.periode,
    inscription.centre_code,
    inscription.axe,
    inscription.centre_code || ':' || inscription.inscription_id AS unite_id,
    inscription.date_debut - inscription.date_orientation AS valeur
FROM commun.inscription AS inscription
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = inscription.centre_code
    AND inscription.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
    AND inscription.date_orientation <= inscription.date_debut
