-- titre: Rappels et suites de l'obligation
-- grain: un acte, d'après le nombre qu'un centre en compte en un trimestre, dispenses et prolongations exclues
-- unite: acte
-- tables: commun.agg_obligation commun.periode_couverte
-- parametres:
-- missions: 1b
SELECT
    periode_couverte.periode,
    agg_obligation.centre_code,
    agg_obligation.type AS type_obligation,
    agg_obligation.centre_code || ':' || agg_obligation.trimestre || ':' || agg_obligation.type || ':'
        || unnest(range(CAST(agg_obligation.nombre AS BIGINT))) AS unite_id
FROM commun.agg_obligation AS agg_obligation
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = agg_obligation.centre_code
    AND make_date(
        CAST(agg_obligation.trimestre[1:4] AS INTEGER), 3 * CAST(agg_obligation.trimestre[7:7] AS INTEGER) - 2, 1
    ) BETWEEN periode_couverte.debut AND periode_couverte.fin
WHERE agg_obligation.type IN (
        'RAPPEL', 'MISE_EN_DEMEURE', 'TRANSMISSION_SANCTIONNATEUR', 'AMENDE_NOTIFIEE', 'RECOURS'
    )
