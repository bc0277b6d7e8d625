-- titre: Opérateurs actifs
-- grain: un opérateur actif dans un centre pendant la période
-- unite: opérateur
-- tables: commun.session_offre commun.inscription commun.operateur commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 1d
WITH complet AS (
    SELECT centre_code
    FROM commun.table_deposee
    WHERE table_nom IN ('operateur', 'session_offre')
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
activite AS (
    SELECT
        periode_complete.periode,
        session_offre.centre_code,
        session_offre.operateur_id,
        session_offre.axe
    FROM commun.session_offre AS session_offre
    JOIN periode_complete
        ON periode_complete.centre_code = session_offre.centre_code
        AND session_offre.date_debut <= periode_complete.fin
        AND session_offre.date_fin >= periode_complete.debut
    UNION
    SELECT
        periode_complete.periode,
        inscription.centre_code,
        inscription.operateur_id,
        inscription.axe
    FROM commun.inscription AS inscription
    JOIN periode_complete
        ON periode_complete.centre_code = inscription.centre_code
    WHERE (
            inscription.statut <> 'ANNULE'
            AND inscription.date_orientation BETWEEN periode_complete.debut AND periode_complete.fin
        )
        OR (
            inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
            AND inscription.date_debut <= periode_complete.fin
            AND coalesce(inscription.date_fin >= periode_complete.debut, inscription.statut = 'EN_COURS')
        )
),
actif AS (
    SELECT
        periode,
        centre_code,
        operateur_id,
        CASE WHEN count(DISTINCT axe) = 1 THEN min(axe) ELSE 'PLUSIEURS' END AS axe_operateur,
        coalesce(
            97 - try_cast(operateur_id[1:8] AS INTEGER) % 97 = try_cast(operateur_id[9:10] AS INTEGER)
            AND regexp_full_match(operateur_id, '[0-9]{10}'),
            false
        ) AS a_numero_valable
    FROM activite
    GROUP BY periode, centre_code, operateur_id
),
identifie AS (
    SELECT
        actif.periode,
        actif.centre_code,
        operateur.type AS type_operateur,
        actif.axe_operateur,
        CASE
            WHEN actif.a_numero_valable THEN actif.operateur_id
            ELSE actif.centre_code || ':' || actif.operateur_id
        END AS unite_id
    FROM actif
    LEFT JOIN commun.operateur AS operateur
        ON operateur.centre_code = actif.centre_code
        AND operateur.operateur_id = actif.operateur_id
)
SELECT
    periode,
    centre_code,
    type_operateur,
    axe_operateur,
    unite_id,
    row_number() OVER (
        PARTITION BY periode, unite_id ORDER BY type_operateur IS NOT NULL, centre_code DESC
    ) AS rang
FROM identifie
