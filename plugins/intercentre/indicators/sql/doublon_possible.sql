-- titre: Doubles comptes que l'appariement ne peut pas exclure
-- grain: une période où il y en a
-- unite: personne
-- tables: commun.dossier commun.presence commun.transfert commun.appariement_transfert commun.periode_couverte
-- parametres:
-- missions: 7
-- cle: periode
WITH mouvement_dit AS (
    SELECT
        cle_dossier,
        'ENTRANT' AS sens
    FROM commun.dossier
    WHERE canal_entree = 'AUTRE_CRI'
    UNION ALL
    SELECT
        cle_dossier,
        'SORTANT'
    FROM commun.dossier
    WHERE motif_cloture = 'DEMENAGEMENT_CRI'
),
cote AS (
    -- a side of a transfer whose other end nobody knows
    SELECT
        coalesce(cle_sortant, cle_entrant) AS cle_dossier,
        CASE WHEN cle_sortant IS NULL THEN centre_sortant ELSE centre_entrant END AS autre_centre
    FROM commun.appariement_transfert
    WHERE etat IN ('sortant_seul', 'entrant_seul')
    UNION ALL
    -- two sides that name other dossiers than each other's, or bear pseudonyms of two persons: either may be wrong
    SELECT
        unnest([cle_sortant, cle_entrant]),
        unnest([centre_entrant, centre_sortant])
    FROM commun.appariement_transfert
    WHERE contradiction = 'DOSSIER'
    UNION ALL
    -- a dossier that says a move without any transfer, even on the wrong side
    SELECT
        dit.cle_dossier,
        dit.sens
    FROM mouvement_dit AS dit
    WHERE NOT EXISTS (
            SELECT 1
            FROM commun.transfert AS transfert
            WHERE transfert.cle_dossier = dit.cle_dossier
                AND transfert.sens = dit.sens
                AND transfert.statut NOT IN ('REFUSE', 'ANNULE')
        )
        AND NOT EXISTS (
            SELECT 1
            FROM commun.appariement_transfert AS appariement
            WHERE starts_with(appariement.contradiction, 'SENS')
                AND dit.cle_dossier IN (appariement.cle_sortant, appariement.cle_entrant)
        )
    UNION ALL
    -- an event whose dossier is in quarantine: whose it is cannot be said; its year tells as much as its quarter
    SELECT DISTINCT
        presence.cle_dossier,
        'quarantaine'
    FROM commun.presence AS presence
    ANTI JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = presence.cle_dossier
    WHERE presence.type = 'A'
),
piste AS (
    -- in one centre a person is known as one person: two signs that lead to the same centre are one double count
    SELECT DISTINCT
        coalesce(dossier.personne_id, cote.cle_dossier) AS personne,
        cote.autre_centre
    FROM cote
    LEFT JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = cote.cle_dossier
),
ouverte AS (
    SELECT
        piste.personne,
        CAST(NULL AS VARCHAR) AS autre_personne
    FROM piste
    -- where the person is known in that centre already, there is nobody else to find
    ANTI JOIN commun.dossier AS connu
        ON connu.personne_id = piste.personne
        AND connu.centre_code = piste.autre_centre
    UNION ALL
    -- two dossiers that a transfer brings together without making them one person
    SELECT DISTINCT
        least(sortant, entrant),
        greatest(sortant, entrant)
    FROM (
        SELECT
            coalesce(depart.personne_id, appariement.cle_sortant) AS sortant,
            coalesce(arrivee.personne_id, appariement.cle_entrant) AS entrant
        FROM commun.appariement_transfert AS appariement
        LEFT JOIN commun.dossier AS depart
            ON depart.cle_dossier = appariement.cle_sortant
        LEFT JOIN commun.dossier AS arrivee
            ON arrivee.cle_dossier = appariement.cle_entrant
        WHERE appariement.etat IN ('paire', 'contradictoire')
            AND coalesce(appariement.contradiction, '') <> 'DOSSIER'
    ) AS lien
    WHERE sortant <> entrant
),
suspecte AS (
    SELECT personne
    FROM ouverte
    UNION
    SELECT autre_personne
    FROM ouverte
    WHERE autre_personne IS NOT NULL
),
dossier_suspect AS (
    SELECT
        dossier.cle_dossier,
        suspecte.personne
    FROM suspecte
    JOIN commun.dossier AS dossier
        ON coalesce(dossier.personne_id, dossier.cle_dossier) = suspecte.personne
    UNION ALL
    SELECT
        suspecte.personne,
        suspecte.personne
    FROM suspecte
    ANTI JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = suspecte.personne
),
presence AS (
    SELECT DISTINCT
        periode_couverte.periode,
        dossier_suspect.personne
    FROM commun.presence AS presence
    JOIN dossier_suspect
        ON dossier_suspect.cle_dossier = presence.cle_dossier
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = presence.centre_code
        AND periode_couverte.type = presence.type
        AND periode_couverte.debut = presence.debut
)
SELECT
    presence.periode,
    count(*) AS doublons
FROM ouverte
JOIN presence
    ON presence.personne = ouverte.personne
WHERE ouverte.autre_personne IS NULL
    OR EXISTS (
        SELECT 1
        FROM presence AS autre
        WHERE autre.periode = presence.periode
            AND autre.personne = ouverte.autre_personne
    )
GROUP BY presence.periode
