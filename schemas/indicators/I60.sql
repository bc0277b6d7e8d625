-- titre: Conformité
-- grain: une table du dépôt accepté d'un centre pour une période
-- unite: ligne
-- tables: commun.conformite commun.periode_couverte
-- parametres:
-- missions: 7
SELECT
    periode_couverte.periode,
    conformite.centre_code,
    conformite.table_nom,
    conformite.centre_code || ':' || conformite.table_nom AS unite_id,
    conformite.lignes_sans_erreur AS numerateur,
    conformite.lignes AS denominateur
FROM commun.conformite AS conformite
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = conformite.centre_code
    AND periode_couverte.periode = conformite.periode
