-- titre: Délai d'attente avant une formation
-- grain: une inscription qui commence pendant la période ou, sans valeur, qui attend encore le dernier jour d'un trimestre
-- unite: jour
-- tables: commun.inscription commun.dossier commun.test_langue commun.periode_couverte
-- parametres:
-- missions: 1d
WITH premier_positionnement AS (
    SELECT
        cle_dossier,
        arg_min(niveau_global, (date, test_id)) AS niveau_entree
    FROM commun.test_langue
    WHERE nature = 'POSITIONNEMENT'
    GROUP BY cle_dossier
),
suite AS (
    SELECT
        centre_code,
        axe,
        cle_dossier,
        inscription_id,
        date_orientation,
        statut,
        coalesce(date_debut, CASE WHEN statut = 'NON_PRESENTE' THEN date_fin END) AS fin_attente
    FROM commun.inscription
    WHERE statut <> 'ANNULE'
),
attente AS (
    SELECT
        periode_couverte.periode,
        inscription.centre_code,
        inscription.axe,
        inscription.cle_dossier,
        inscription.inscription_id,
        inscription.date_debut - inscription.date_orientation AS valeur
    FROM commun.inscription AS inscription
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = inscription.centre_code
        AND inscription.date_debut BETWEEN periode_couverte.debut AND periode_couverte.fin
    WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
        AND inscription.date_orientation <= inscription.date_debut
    UNION ALL
    SELECT
        periode_couverte.periode,
        suite.centre_code,
        suite.axe,
        suite.cle_dossier,
        suite.inscription_id,
        NULL AS valeur
    FROM suite
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = suite.centre_code
        AND periode_couverte.type = 'T'
        AND suite.date_orientation <= periode_couverte.fin
    LEFT JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = suite.cle_dossier
    WHERE (
            suite.statut = 'ATTENTE'
            OR date_trunc('quarter', suite.date_orientation) + to_months(3) <= suite.fin_attente
        )
        AND (suite.statut = 'ATTENTE' OR suite.fin_attente > periode_couverte.fin)
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > periode_couverte.fin)
)
SELECT
    attente.periode,
    attente.centre_code,
    attente.axe,
    premier_positionnement.niveau_entree,
    attente.centre_code || ':' || attente.inscription_id AS unite_id,
    attente.valeur
FROM attente
LEFT JOIN premier_positionnement
    ON premier_positionnement.cle_dossier = attente.cle_dossier
