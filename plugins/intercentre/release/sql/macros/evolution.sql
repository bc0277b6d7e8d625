-- evolution('I21'): the series of a total, each period beside the one before of the same kind (quarter or year).
CREATE MACRO evolution(code, type_de_territoire := 'region', code_de_territoire := NULL, ventilation := '_T') AS TABLE
SELECT
    territoire,
    modalite,
    periode,
    valeur,
    valeur - lag(valeur) OVER serie AS ecart,
    unite,
    statut_obs,
    statut_secret,
    couverture,
    reserves
FROM indicateurs
WHERE indicateur = upper(code)
    AND territoire_type = type_de_territoire
    AND (code_de_territoire IS NULL OR territoire = code_de_territoire)
    AND dimension = ventilation
WINDOW serie AS (PARTITION BY territoire, modalite, length(periode) ORDER BY periode)
ORDER BY territoire, modalite, length(periode), periode;
COMMENT ON MACRO TABLE evolution IS
    'evolution(''I21'') ou evolution(''I21'', type_de_territoire := ''centre'', code_de_territoire := ''CAI'') : la série d''un total, avec l''écart à la période précédente de même durée.';
