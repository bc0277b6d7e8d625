-- titre: Pseudonymes faits avec d'autres clés
-- severite: a_expliquer
-- portee: centres
-- message: Les deux centres ont fait des pseudonymes avec des clés différentes : leurs dossiers ne sont pas rapprochés, et la région peut compter une personne deux fois.
-- remede: Employez la clé convenue pour l'année dans tous les dossiers de l'export, puis déposez de nouveau.
-- tables: extrait.dossier
-- missions: 1c 7
WITH cle AS (
    SELECT DISTINCT
        centre_code,
        split_part(personne_pseudo, '.', 2) AS cle_id
    FROM extrait.dossier
    WHERE personne_pseudo IS NOT NULL
),
paire AS (
    -- one pair of centres, whichever of the two has the key that the other has not
    SELECT DISTINCT
        cle.centre_code AS un,
        autre.centre_code AS deux
    FROM cle
    JOIN cle AS autre
        ON autre.centre_code <> cle.centre_code
    WHERE NOT EXISTS (
        SELECT 1
        FROM cle AS meme
        WHERE meme.centre_code = autre.centre_code
            AND meme.cle_id = cle.cle_id
    )
)
SELECT
    un AS centre,
    deux AS centre_contrepartie,
    'dossier' AS table_nom,
    CAST(NULL AS VARCHAR) AS cle_dossier
FROM paire
UNION
SELECT
    deux,
    un,
    'dossier',
    CAST(NULL AS VARCHAR)
FROM paire
