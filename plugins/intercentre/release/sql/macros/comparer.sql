-- comparer('I21', '2026-T3'): the centres beside the region, in the order of their codes: a comparison, not a ranking.
CREATE MACRO comparer(code, de_periode) AS TABLE
SELECT
    territoire_type,
    territoire,
    valeur,
    numerateur,
    denominateur,
    unite,
    statut_obs,
    statut_secret,
    reserves
FROM indicateurs
WHERE indicateur = upper(code)
    AND periode = de_periode
    AND dimension = '_T'
    AND territoire_type IN ('region', 'centre')
ORDER BY territoire_type DESC, territoire;
COMMENT ON MACRO TABLE comparer IS
    'comparer(''I21'', ''2026-T3'') : les centres à côté de la région, sans classement.';
