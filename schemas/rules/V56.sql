-- titre: Plus d'étapes interprétées que d'interprétariat
-- severite: a_expliquer
-- portee: ligne
-- message: Plus d'étapes d'accueil ont été interprétées ce mois-là que de demandes d'interprétariat n'ont été honorées.
-- remede: Complétez les demandes honorées (personnel et bénévoles compris) ou corrigez les étapes ; sinon, expliquez.
-- depuis: 1.1.0
-- tables: etape_accueil interpretariat
-- missions: 1a 3
WITH etape AS (
    SELECT strftime(date, '%Y-%m') AS mois, count(ligne) AS etapes, min(ligne) AS ligne
    FROM etape_accueil
    WHERE interprete
    GROUP BY strftime(date, '%Y-%m')
),
prestation AS (
    SELECT mois, sum(honorees) AS honorees, min(ligne) AS ligne, bool_or(honorees IS NULL) AS illisible
    FROM interpretariat
    GROUP BY mois
),
duree AS (
    -- the months that the table speaks of; a row whose month could not be read may be any of them
    SELECT min(mois) AS debut, max(mois) AS fin
    FROM interpretariat
    HAVING bool_and(mois IS NOT NULL)
)
SELECT
    CASE WHEN prestation.ligne IS NULL THEN 'etape_accueil' ELSE 'interpretariat' END AS table_nom,
    coalesce(prestation.ligne, etape.ligne) AS ligne,
    CASE WHEN prestation.ligne IS NULL THEN 'interprete' ELSE 'honorees' END AS colonne
FROM etape
JOIN duree ON etape.mois BETWEEN duree.debut AND duree.fin
LEFT JOIN prestation USING (mois)
WHERE etape.etapes > coalesce(prestation.honorees, 0)
    AND NOT coalesce(prestation.illisible, false)
