-- titre: Part des dossiers sans réponse, par question et par centre
-- grain: une question et un centre qui a assez de dossiers
-- unite: pour cent
-- tables: commun.dossier
-- parametres: lignes_min
-- missions: 7
WITH reponse AS (
    SELECT
        centre_code,
        unnest([
            {'question': 'commune', 'est_vide': commune = '00000'},
            {'question': 'sexe', 'est_vide': sexe = 'INC'},
            {'question': 'groupe_age', 'est_vide': groupe_age = 'INC'},
            {'question': 'groupe_nationalite', 'est_vide': groupe_nationalite = 'INCONNU'},
            {'question': 'statut_public', 'est_vide': statut_public = 'A_DETERMINER'},
            {'question': 'regime_juridique', 'est_vide': regime_juridique IS NULL}
        ], recursive := true)
    FROM commun.dossier
)
SELECT
    question || ', ' || centre_code AS lieu,
    round(100.0 * count(*) FILTER (WHERE coalesce(est_vide, true)) / count(*), 1) AS valeur
FROM reponse
GROUP BY question, centre_code
HAVING count(*) >= $lignes_min
