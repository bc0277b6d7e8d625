-- titre: Sessions déposées, une pour quatre inscriptions
-- grain: une session
-- unite: session
-- tables: commune
-- parametres: sessions rang
-- missions: 1d
WITH session AS (
    SELECT
        range AS numero,
        range * 8 + $rang AS cle,
        DATE '2022-01-01' + CAST(floor(hasard(range * 8 + $rang, 180) * 1700) AS INTEGER) AS date_debut
    FROM range($sessions)
)
SELECT
    session.numero + 2 AS ligne,
    'S' || session.numero AS session_id,
    'O' || CAST(floor(hasard(session.cle, 181) * 60) AS INTEGER) AS operateur_id,
    un_parmi(['FLE', 'FLE', 'ALPHA', 'CITOYENNETE'], hasard(session.cle, 182)) AS axe,
    un_parmi(['A1.1', 'A1', 'A2', 'B1'], hasard(session.cle, 183)) AS niveau_vise,
    commune.code AS commune_refnis,
    session.date_debut,
    session.date_debut + 180 AS date_fin,
    200 AS heures_programmees,
    12 AS places,
    CAST(floor(hasard(session.cle, 184) * 13) AS INTEGER) AS inscrits,
    0 AS en_attente,
    un_parmi(['JOUR', 'SOIR', 'WEEKEND', 'MIXTE'], hasard(session.cle, 185)) AS horaire,
    false AS garde_enfants,
    session.date_debut + 30 AS date_releve
FROM session
JOIN commune
    ON commune.rang = CAST(floor(hasard(session.cle, 186) * (SELECT count(*) FROM commune)) AS INTEGER)
