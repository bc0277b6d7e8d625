-- titre: Places de français offertes
-- grain: une session de français ou d'alphabétisation qui se donne pendant la période
-- unite: place
-- tables: commun.session_offre commun.territoire commun.periode_couverte
-- parametres:
-- missions: 1d
SELECT
    periode_couverte.periode,
    session_offre.centre_code,
    coalesce(
        territoire.arrondissement, CASE WHEN session_offre.commune = '00000' THEN '00000' ELSE '99999' END
    ) AS arrondissement,
    session_offre.axe,
    session_offre.niveau_vise,
    session_offre.horaire,
    session_offre.centre_code || ':' || session_offre.session_id AS unite_id,
    session_offre.places AS numerateur
FROM commun.session_offre AS session_offre
JOIN commun.periode_couverte AS periode_couverte
    ON periode_couverte.centre_code = session_offre.centre_code
    AND session_offre.date_debut <= periode_couverte.fin
    AND session_offre.date_fin >= periode_couverte.debut
LEFT JOIN commun.territoire AS territoire
    ON territoire.commune = session_offre.commune
WHERE session_offre.axe IN ('FLE', 'ALPHA')
