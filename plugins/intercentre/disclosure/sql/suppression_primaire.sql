-- titre: Observations dont les chiffres qui pourraient désigner une personne sont masqués
-- grain: une observation
-- unite: celle de l'indicateur
-- tables: observation
-- parametres: total attente taux taux_de_sommes medianes effectif_min commune_croisee denominateur_min
-- missions: 7
-- cle: indicateur periode territoire_type territoire dimension modalite
WITH jugee AS (
    SELECT
        indicateur,
        version_definition,
        periode,
        territoire_type,
        territoire,
        dimension,
        modalite,
        valeur,
        numerateur,
        denominateur,
        unite,
        statut_obs,
        couverture,
        date_etat,
        effectif,
        secret,
        CASE
            WHEN territoire_type = 'commune' AND dimension <> $total THEN $commune_croisee
            ELSE $effectif_min
        END AS seuil
    FROM observation
),
decidee AS (
    SELECT
        indicateur,
        version_definition,
        periode,
        territoire_type,
        territoire,
        dimension,
        modalite,
        valeur,
        numerateur,
        denominateur,
        unite,
        statut_obs,
        couverture,
        date_etat,
        secret = 'taux_seul' AS est_taux_seul,
        CASE
            WHEN secret <> 'protege' OR effectif = 0 THEN false
            WHEN list_contains($taux, indicateur) OR dimension = $attente THEN
                denominateur < $denominateur_min
                OR (numerateur > 0 AND numerateur < seuil)
                OR (denominateur - numerateur > 0 AND denominateur - numerateur < seuil)
            WHEN list_contains($taux_de_sommes, indicateur) THEN effectif < $denominateur_min
            WHEN list_contains($medianes, indicateur) THEN effectif < seuil
            ELSE numerateur > 0 AND numerateur < seuil
        END AS est_masquee
    FROM jugee
)
SELECT
    indicateur,
    version_definition,
    periode,
    territoire_type,
    territoire,
    dimension,
    modalite,
    CASE
        WHEN est_taux_seul THEN round(valeur, CASE WHEN unite = '%' THEN 0 ELSE 1 END)
        WHEN NOT est_masquee THEN valeur
    END AS valeur,
    CASE WHEN NOT (est_masquee OR est_taux_seul) THEN numerateur END AS numerateur,
    CASE WHEN NOT (est_masquee OR est_taux_seul) THEN denominateur END AS denominateur,
    unite,
    statut_obs,
    CASE WHEN est_masquee THEN 'masque' ELSE 'libre' END AS statut_secret,
    couverture,
    '' AS reserves,
    date_etat
FROM decidee
