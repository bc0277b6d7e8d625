-- titre: Tension sur les places de français (couverture)
-- grain: une session qui a ou aura des places, ou un dossier qui attend un cours de français, à la fin d'un trimestre
-- unite: place ou dossier
-- tables: commun.session_offre commun.inscription commun.convention commun.dossier commun.test_langue commun.niveau commun.territoire commun.table_deposee commun.periode_couverte
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
        session_offre.niveau_vise,
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
attente AS (
    SELECT
        trimestre.periode,
        dossier.centre_code,
        dossier.arrondissement,
        dossier.cle_dossier
    FROM commun.inscription AS inscription
    JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = inscription.cle_dossier
    JOIN trimestre
        ON trimestre.centre_code = dossier.centre_code
        AND coalesce(inscription.date_entree_attente, inscription.date_orientation) <= trimestre.fin
        AND (
            inscription.statut = 'ATTENTE'
            OR coalesce(
                inscription.date_debut, CASE WHEN inscription.statut = 'NON_PRESENTE' THEN inscription.date_fin END
            ) > trimestre.fin
        )
        AND dossier.date_ouverture <= trimestre.fin
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > trimestre.fin)
    WHERE inscription.axe IN ('FLE', 'ALPHA') AND inscription.statut <> 'ANNULE'
),
premier_cours AS (
    SELECT
        cle_dossier,
        min(coalesce(date_debut, date_orientation)) AS date_debut
    FROM commun.inscription
    WHERE axe IN ('FLE', 'ALPHA') AND statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
    GROUP BY cle_dossier
),
document AS (
    SELECT
        cle_dossier,
        fle_prescrit,
        statut,
        date_statut,
        date_signature,
        lead(date_signature) OVER (
            PARTITION BY cle_dossier ORDER BY date_signature, avenant, convention_id
        ) AS date_suivante
    FROM commun.convention
),
prescrit AS (
    SELECT
        trimestre.periode,
        dossier.centre_code,
        dossier.arrondissement,
        dossier.cle_dossier
    FROM document
    JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = document.cle_dossier
    LEFT JOIN premier_cours
        ON premier_cours.cle_dossier = document.cle_dossier
    JOIN trimestre
        ON trimestre.centre_code = dossier.centre_code
        AND document.date_signature <= trimestre.fin
        AND (document.date_suivante IS NULL OR document.date_suivante > trimestre.fin)
        AND (document.statut = 'EN_COURS' OR document.date_statut > trimestre.fin)
        AND (premier_cours.date_debut IS NULL OR premier_cours.date_debut > trimestre.fin)
        AND dossier.date_ouverture <= trimestre.fin
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > trimestre.fin)
    WHERE document.fle_prescrit
),
demande AS (
    SELECT
        periode,
        centre_code,
        arrondissement,
        cle_dossier
    FROM attente
    UNION
    SELECT
        periode,
        centre_code,
        arrondissement,
        cle_dossier
    FROM prescrit
),
dernier_niveau AS (
    SELECT
        demande.periode,
        demande.cle_dossier,
        arg_max(niveau.rang, (test_langue.date, niveau.rang)) AS rang
    FROM demande
    JOIN trimestre
        ON trimestre.periode = demande.periode
        AND trimestre.centre_code = demande.centre_code
    JOIN commun.test_langue AS test_langue
        ON test_langue.cle_dossier = demande.cle_dossier
        AND test_langue.date <= trimestre.fin
    JOIN commun.niveau AS niveau
        ON niveau.niveau = test_langue.niveau_global
    GROUP BY demande.periode, demande.cle_dossier
),
unite AS (
    SELECT
        periode,
        centre_code,
        arrondissement,
        niveau_vise,
        unite_id,
        places AS numerateur,
        0 AS denominateur
    FROM place
    UNION ALL
    SELECT
        demande.periode,
        demande.centre_code,
        demande.arrondissement,
        niveau_suivant.niveau AS niveau_vise,
        demande.cle_dossier AS unite_id,
        0 AS numerateur,
        1 AS denominateur
    FROM demande
    LEFT JOIN dernier_niveau
        ON dernier_niveau.periode = demande.periode
        AND dernier_niveau.cle_dossier = demande.cle_dossier
    LEFT JOIN commun.niveau AS niveau_suivant
        ON niveau_suivant.rang = dernier_niveau.rang + 1
)
SELECT
    periode,
    centre_code,
    arrondissement,
    niveau_vise,
    unite_id,
    numerateur,
    denominateur
FROM unite
