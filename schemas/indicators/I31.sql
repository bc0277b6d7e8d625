-- titre: Demandes d'interprétariat non honorées
-- grain: les demandes d'une langue dans un centre pendant la période, tous prestataires ensemble
-- unite: demande
-- tables: commun.interpretariat commun.periode_couverte
-- parametres:
-- missions: 1a 3
WITH par_langue AS (
    SELECT
        periode_couverte.periode,
        interpretariat.centre_code,
        interpretariat.langue,
        sum(interpretariat.demandes) AS demandes,
        sum(interpretariat.honorees) AS honorees
    FROM commun.interpretariat AS interpretariat
    JOIN commun.periode_couverte AS periode_couverte
        ON periode_couverte.centre_code = interpretariat.centre_code
        AND CAST(interpretariat.mois || '-01' AS DATE) BETWEEN periode_couverte.debut AND periode_couverte.fin
    GROUP BY periode_couverte.periode, interpretariat.centre_code, interpretariat.langue
),
langue_nommee AS (
    SELECT
        periode,
        langue
    FROM par_langue
    GROUP BY periode, langue
    QUALIFY row_number() OVER (PARTITION BY periode ORDER BY sum(demandes) DESC, langue) <= 10
)
SELECT
    par_langue.periode,
    par_langue.centre_code,
    coalesce(langue_nommee.langue, 'AUTRE') AS langue_frequente,
    par_langue.centre_code || ':' || par_langue.langue AS unite_id,
    greatest(par_langue.demandes - par_langue.honorees, 0) AS numerateur,
    par_langue.demandes AS denominateur
FROM par_langue
LEFT JOIN langue_nommee
    ON langue_nommee.periode = par_langue.periode
    AND langue_nommee.langue = par_langue.langue
