-- titre: Accompagnement des initiatives locales d'intégration
-- grain: une initiative active ou accompagnée dans un centre pendant la période
-- unite: initiative
-- tables: commun.accompagnement_ili commun.operateur commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 2
WITH complet AS (
    SELECT centre_code
    FROM commun.table_deposee
    WHERE table_nom IN ('operateur', 'accompagnement_ili')
    GROUP BY centre_code
    HAVING count(*) = 2
),
periode_complete AS (
    SELECT
        periode_couverte.periode,
        periode_couverte.centre_code,
        periode_couverte.debut,
        periode_couverte.fin
    FROM commun.periode_couverte AS periode_couverte
    JOIN complet
        ON complet.centre_code = periode_couverte.centre_code
),
accompagnee AS (
    SELECT
        periode_complete.periode,
        accompagnement_ili.centre_code,
        accompagnement_ili.operateur_id,
        sum(accompagnement_ili.heures) AS heures
    FROM commun.accompagnement_ili AS accompagnement_ili
    JOIN periode_complete
        ON periode_complete.centre_code = accompagnement_ili.centre_code
        AND accompagnement_ili.date BETWEEN periode_complete.debut AND periode_complete.fin
    GROUP BY periode_complete.periode, accompagnement_ili.centre_code, accompagnement_ili.operateur_id
),
initiative AS (
    SELECT
        periode_complete.periode,
        operateur.centre_code,
        operateur.operateur_id
    FROM commun.operateur AS operateur
    JOIN periode_complete
        ON periode_complete.centre_code = operateur.centre_code
    WHERE operateur.type IN ('ILI_AGREEE', 'ILI_FACULTATIVE')
        AND CASE
            WHEN operateur.agrement_debut IS NULL AND operateur.agrement_fin IS NULL THEN operateur.actif
            ELSE coalesce(operateur.agrement_debut <= periode_complete.fin, true)
                AND coalesce(operateur.agrement_fin >= periode_complete.debut, true)
        END
    UNION
    SELECT
        periode,
        centre_code,
        operateur_id
    FROM accompagnee
)
SELECT
    initiative.periode,
    initiative.centre_code,
    CASE WHEN accompagnee.operateur_id IS NULL THEN 'NON' ELSE 'OUI' END AS accompagnement,
    initiative.centre_code || ':' || initiative.operateur_id AS unite_id,
    coalesce(accompagnee.heures, 0) AS numerateur,
    1 AS denominateur
FROM initiative
LEFT JOIN accompagnee
    ON accompagnee.periode = initiative.periode
    AND accompagnee.centre_code = initiative.centre_code
    AND accompagnee.operateur_id = initiative.operateur_id
