-- titre: Événements d'accompagnement : étapes, orientations, débuts et fins de formation, conventions, attestations
-- grain: un événement d'un dossier
-- unite: événement
-- tables: commun.etape_accueil commun.inscription commun.convention commun.attestation
-- parametres:
-- missions: 1a 1c
-- cle: centre_code cle_dossier date type objet_id
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date,
    'ETAPE' AS type,
    type_etape || '-' || rang AS objet_id
FROM commun.etape_accueil
UNION ALL
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date_orientation AS date,
    'ORIENTATION' AS type,
    inscription_id AS objet_id
FROM commun.inscription
WHERE statut <> 'ANNULE'
UNION ALL
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date_debut AS date,
    'DEBUT' AS type,
    inscription_id AS objet_id
FROM commun.inscription
WHERE statut IN ('EN_COURS', 'TERMINE', 'ABANDON') AND date_debut <= date_etat
UNION ALL
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date_fin AS date,
    'FIN' AS type,
    inscription_id AS objet_id
FROM commun.inscription
WHERE statut IN ('TERMINE', 'ABANDON') AND date_fin <= date_etat
UNION ALL
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date_signature AS date,
    'CONVENTION' AS type,
    convention_id AS objet_id
FROM commun.convention
UNION ALL
SELECT
    centre_code,
    depot_id,
    cle_dossier,
    date_delivrance AS date,
    'ATTESTATION' AS type,
    attestation_id AS objet_id
FROM commun.attestation
