-- titre: Personnes en attente
-- grain: une inscription qui attend le dernier jour de la période, d'un dossier ouvert ce jour-là
-- unite: dossier
-- tables: commun.inscription commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1d
WITH attente AS (
    SELECT
        periode_couverte.periode,
        dossier.centre_code,
        dossier.arrondissement,
        inscription.axe,
        dossier.cle_dossier,
        coalesce(inscription.date_entree_attente, inscription.date_orientation) AS date_entree
    FROM commun.inscription AS inscription
    JOIN commun.dossier AS dossier
        ON dossier.cle_dossier = inscription.cle_dossier
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = inscription.centre_code
        AND periode_couverte.type = 'T'
        AND coalesce(inscription.date_entree_attente, inscription.date_orientation) <= periode_couverte.fin
        AND dossier.date_ouverture <= periode_couverte.fin
        AND (dossier.date_cloture IS NULL OR dossier.date_cloture > periode_couverte.fin)
    WHERE inscription.statut <> 'ANNULE'
        AND (
            inscription.statut = 'ATTENTE'
            OR coalesce(
                inscription.date_debut, CASE WHEN inscription.statut = 'NON_PRESENTE' THEN inscription.date_fin END
            ) > periode_couverte.fin
        )
)
SELECT
    periode,
    centre_code,
    arrondissement,
    axe,
    cle_dossier AS unite_id,
    row_number() OVER (PARTITION BY periode, cle_dossier ORDER BY date_entree DESC, axe DESC) AS rang
FROM attente
