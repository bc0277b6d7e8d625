-- titre: Délai d'attente avant une formation
-- grain: une inscription qui commence pendant la période
-- unite: jour
-- tables: commun.inscription commun.test_langue commun.periode_couverte
-- parametres:
-- missions: 1d
WITH premier_positionnement AS (
    SELECT
        cle_dossier,
        arg_min(niveau_global, (date, test_id)) AS niveau_entree
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY cle_dossier
)
SELECT
    periode_couverte.periode,
    inscription.centre_code,
    inscription.axe,
    premier_positionnement.niveau_entree,
    inscription.centre_code || ':' || inscription.inscription_id AS unite_id,
    inscription.date_debut - inscription.date_orientation AS valeur
FROM commun.inscription AS inscription
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = inscription.centre_code
    AND inscription.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
LEFT JOIN premier_positionnement
    ON premier_positionnement.cle_dossier = inscription.cle_dossier
WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
    AND inscription.date_orientation <= inscription.date_debut
