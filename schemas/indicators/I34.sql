-- titre: Tension sur les places de français (couverture)
-- grain: une session qui a ou aura des places, ou un dossier qui attend un cours de français, à la fin d'un trimestre
-- unite: place ou dossier
-- tables: commun.session_offre commun.inscription commun.convention commun.dossier commun.territoire commun.table_deposee commun.periode_couverte
-- parametres:
-- missions: 1d 7
WITH trimestre AS (
    SELECT
        periode_couverte.periode,
        periode_couverte.centre_code,
        periode_couverte.fin,
        CAST(periode_couverte.fin + 1 + to_months(3) AS DATE) - 1 AS fin_suivante
    FROM commun.periode_couverte AS periode_couverte
    JOIN commun.table_deposee AS table_deposee
        ON table_deposee.centre_code = periode_couverte.centre_code
        AND table_deposee.table_nom = 'session_offre'
    WHERE periode_couverte.type = 'T'
),
place AS (
    SELECT
        trimestre.periode,
        session_offre.centre_code,
        coalesce(
            territoire.arrondissement, CASE WHEN session_offre.commune = '00000' THEN '00000' ELSE '99999' END
        ) AS arrondissement,
        'S:' || session_offre.centre_code || ':' || session_offre.session_id AS unite_id,
        CASE
            WHEN session_offre.date_debut > trimestre.fin THEN session_offre.places
            ELSE greatest(session_offre.places - session_offre.inscrits, 0)
        END AS places
    FROM commun.session_offre AS session_offre
    JOIN trimestre
        ON trimestre.centre_code = session_offre.centre_code
        AND session_offre.date_debut <= trimestre.fin_suivante
        AND session_offre.date_fin >= trimestre.fin
    LEFT JOIN commun.territoire AS territoire
        ON territoire.commune = session_offre.commune
    WHERE session_offre.axe IN ('FLE', 'ALPHA')
),
dossier_ouvert AS (
    SELECT
        trimestre.periode,
        trimestre.fin,
        dossier.centre_code,
        dossier.arrondissement,
        dossier.cle_dossier
    FROM commun.dossier AS dossier
    JOIN trimestre
        ON trimestre.centre_code = dossier.centre_code
        AND dossier.date_ouverture <= trimestre.fin
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > trimestre.fin)
),
attente AS (
    SELECT
        dossier_ouvert.periode,
        dossier_ouvert.cle_dossier
    FROM dossier_ouvert
    JOIN commun.inscription AS inscription
        ON inscription.cle_dossier = dossier_ouvert.cle_dossier
        AND coalesce(inscription.date_entree_attente, inscription.date_orientation) <= dossier_ouvert.fin
    WHERE inscription.axe IN ('FLE', 'ALPHA')
        AND inscription.statut <> 'ANNULE'
        AND (
            inscription.statut = 'ATTENTE'
            OR coalesce(least(inscription.date_debut, inscription.date_fin) > dossier_ouvert.fin, false)
        )
),
prescrit AS (
    SELECT
        dossier_ouvert.periode,
        dossier_ouvert.cle_dossier
    FROM dossier_ouvert
    JOIN commun.convention AS convention
        ON convention.cle_dossier = dossier_ouvert.cle_dossier
        AND convention.fle_prescrit
        AND convention.date_signature <= dossier_ouvert.fin
        AND (convention.statut = 'EN_COURS' OR convention.date_statut > dossier_ouvert.fin)
),
commence AS (
    SELECT DISTINCT
        dossier_ouvert.periode,
        dossier_ouvert.cle_dossier
    FROM dossier_ouvert
    JOIN commun.inscription AS inscription
        ON inscription.cle_dossier = dossier_ouvert.cle_dossier
        AND coalesce(inscription.date_debut, inscription.date_orientation) <= dossier_ouvert.fin
    WHERE inscription.axe IN ('FLE', 'ALPHA') AND inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
),
demande AS (
    SELECT
        periode,
        cle_dossier
    FROM attente
    UNION
    SELECT
        prescrit.periode,
        prescrit.cle_dossier
    FROM prescrit
    ANTI JOIN commence
        ON commence.periode = prescrit.periode
        AND commence.cle_dossier = prescrit.cle_dossier
),
unite AS (
    SELECT
        periode,
        centre_code,
        arrondissement,
        unite_id,
        places AS numerateur,
        0 AS denominateur
    FROM place
    UNION ALL
    SELECT
        demande.periode,
        dossier_ouvert.centre_code,
        dossier_ouvert.arrondissement,
        demande.cle_dossier AS unite_id,
        0 AS numerateur,
        1 AS denominateur
    FROM demande
    JOIN dossier_ouvert
        ON dossier_ouvert.periode = demande.periode
        AND dossier_ouvert.cle_dossier = demande.cle_dossier
)
SELECT
    periode,
    centre_code,
    arrondissement,
    unite_id,
    numerateur,
    denominateur
FROM unite
