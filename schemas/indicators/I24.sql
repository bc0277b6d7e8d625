-- titre: Taux d'abandon
-- grain: une inscription terminée ou abandonnée pendant la période
-- unite: inscription
-- tables: commun.inscription commun.dossier commun.periode_couverte
-- parametres:
-- missions: 1a 1d
SELECT
    periode_couverte.periode,
    inscription.centre_code,
    inscription.axe,
    dossier.sexe,
    CASE
        WHEN inscription.statut = 'ABANDON' THEN coalesce(inscription.motif_abandon, 'INC')
    END AS motif_abandon,
    inscription.centre_code || ':' || inscription.inscription_id AS unite_id,
    CAST(inscription.statut = 'ABANDON' AS INTEGER) AS numerateur,
    1 AS denominateur
FROM commun.inscription AS inscription
LEFT JOIN commun.dossier AS dossier
    ON dossier.cle_dossier = inscription.cle_dossier
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = inscription.centre_code
    AND inscription.date_fin BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE inscription.statut IN ('TERMINE', 'ABANDON')
