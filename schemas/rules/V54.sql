-- titre: Inscrits des communes et dossiers en désaccord
-- severite: a_expliquer
-- portee: ligne
-- message: Sur les mois de l'année que la table contient, les inscrits signalés par les communes s'écartent de plus de {FLUX_COMMUNE_ECART} des dossiers ouverts par le canal COMMUNE.
-- remede: Vérifiez le canal d'entrée des dossiers et les inscrits de chaque commune ; sinon, expliquez.
-- depuis: 1.1.0
-- tables: flux_commune dossier ref_seuil
-- missions: 1b
WITH seuil AS (
    SELECT CAST(valeur AS DECIMAL(5, 4)) AS part FROM ref_seuil WHERE code = 'FLUX_COMMUNE_ECART'
),
flux AS (
    SELECT
        left(mois, 4) AS annee,
        sum(inscrits_au_centre) AS inscrits,
        arg_max(ligne, (mois, -ligne)) AS derniere_ligne
    FROM flux_commune
    GROUP BY left(mois, 4)
    HAVING bool_and(inscrits_au_centre IS NOT NULL)
),
ouvert AS (
    -- a file whose way of coming could not be read is perhaps one of them
    SELECT
        CAST(year(date_ouverture) AS VARCHAR) AS annee,
        count(*) FILTER (WHERE canal_entree = 'COMMUNE') AS dossiers,
        count(*) FILTER (WHERE canal_entree IS NULL) AS douteux
    FROM dossier
    WHERE EXISTS (SELECT 1 FROM flux_commune WHERE flux_commune.mois = strftime(dossier.date_ouverture, '%Y-%m'))
    GROUP BY year(date_ouverture)
),
sans_date AS (
    -- a file whose day of opening could not be read is perhaps of this year
    SELECT count(*) AS douteux
    FROM dossier
    WHERE date_ouverture IS NULL
        AND coalesce(canal_entree, 'COMMUNE') = 'COMMUNE'
)
SELECT 'flux_commune' AS table_nom, flux.derniere_ligne AS ligne, 'inscrits_au_centre' AS colonne
FROM flux
CROSS JOIN seuil
CROSS JOIN sans_date
LEFT JOIN ouvert USING (annee)
WHERE abs(flux.inscrits - coalesce(ouvert.dossiers, 0))
    > seuil.part * coalesce(ouvert.dossiers, 0) + coalesce(ouvert.douteux, 0) + sans_date.douteux
    -- a row whose month could not be read may belong to any year
    AND NOT EXISTS (SELECT 1 FROM flux_commune WHERE flux_commune.mois IS NULL)
