-- titre: les observations publiées : chiffres protégés, réserves et révisions marquées
-- grain: un indicateur, une période, un territoire, une dimension, une modalité
-- unite: celle de la colonne unite
-- tables: protege precedente reserve_indicateur
-- parametres:
-- missions: 7
-- cle: indicateur periode territoire_type territoire dimension modalite
SELECT
    protege.indicateur,
    protege.version_definition,
    protege.periode,
    protege.territoire_type,
    protege.territoire,
    protege.dimension,
    protege.modalite,
    protege.valeur,
    protege.numerateur,
    protege.denominateur,
    protege.unite,
    -- A masked figure says nothing of its value, not even that it moved.
    CASE
        WHEN protege.statut_secret = 'libre'
            AND precedente.statut_secret = 'libre'
            AND (
                protege.valeur IS DISTINCT FROM precedente.valeur
                OR protege.numerateur IS DISTINCT FROM precedente.numerateur
                OR protege.denominateur IS DISTINCT FROM precedente.denominateur
            )
            THEN 'revise'
        ELSE protege.statut_obs
    END AS statut_obs,
    protege.statut_secret,
    protege.couverture,
    coalesce(reserve_indicateur.reserves, '') AS reserves,
    protege.date_etat
FROM protege
LEFT JOIN precedente
    USING (indicateur, periode, territoire_type, territoire, dimension, modalite)
LEFT JOIN reserve_indicateur
    USING (indicateur)
ORDER BY
    protege.indicateur, protege.periode, protege.territoire_type, protege.territoire, protege.dimension, protege.modalite
