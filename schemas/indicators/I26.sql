-- titre: Personnes perdues de vue
-- grain: un dossier ouvert et non clos le dernier jour d'un trimestre, si les 180 jours qui le précèdent sont couverts
-- unite: dossier
-- tables: commun.dossier commun.presence commun.inscription commun.couverture commun.periode_couverte
-- parametres:
-- missions: 1a
WITH fenetre AS (
    SELECT
        periode_couverte.periode,
        periode_couverte.centre_code,
        periode_couverte.fin,
        periode_couverte.fin - 180 AS debut
    FROM commun.periode_couverte AS periode_couverte
    JOIN commun.couverture AS couverture
        ON couverture.centre_code = periode_couverte.centre_code
        AND couverture.debut_historique <= periode_couverte.fin - 180
    WHERE periode_couverte.type = 'T'
),
signe AS (
    SELECT
        fenetre.periode,
        presence.cle_dossier
    FROM commun.presence AS presence
    JOIN fenetre
        ON fenetre.centre_code = presence.centre_code
        AND presence.derniere_date BETWEEN fenetre.debut AND fenetre.fin
    WHERE presence.type = 'T'
    UNION ALL
    SELECT
        fenetre.periode,
        inscription.cle_dossier
    FROM commun.inscription AS inscription
    JOIN fenetre
        ON fenetre.centre_code = inscription.centre_code
        AND inscription.date_debut <= fenetre.fin
    WHERE inscription.statut IN ('EN_COURS', 'TERMINE', 'ABANDON')
        AND coalesce(inscription.date_fin > fenetre.fin, inscription.statut = 'EN_COURS')
)
SELECT
    fenetre.periode,
    dossier.centre_code,
    dossier.sexe,
    dossier.groupe_age,
    dossier.groupe_nationalite,
    dossier.statut_public,
    dossier.cle_dossier AS unite_id,
    CAST(
        dossier.date_ouverture < fenetre.debut
        AND NOT EXISTS (
            SELECT 1
            FROM signe
            WHERE signe.periode = fenetre.periode
                AND signe.cle_dossier = dossier.cle_dossier
        ) AS INTEGER
    ) AS numerateur,
    1 AS denominateur
FROM commun.dossier AS dossier
JOIN fenetre
    ON fenetre.centre_code = dossier.centre_code
    AND dossier.date_ouverture <= fenetre.fin
    AND (dossier.date_cloture IS NULL OR dossier.date_cloture > fenetre.fin)
