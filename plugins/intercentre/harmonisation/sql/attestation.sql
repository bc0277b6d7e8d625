-- titre: Attestations des huit centres
-- grain: une attestation délivrée
-- unite: attestation
-- tables: extrait.attestation
-- parametres:
-- missions: 1a
-- cle: centre_code attestation_id
SELECT
    centre_code,
    depot_id,
    date_etat,
    attestation_id,
    dossier_id,
    convention_id,
    type,
    date_delivrance,
    transmise_commune,
    transmise_cpas,
    remplace_attestation_id,
    centre_code || ':' || dossier_id AS cle_dossier
FROM extrait.attestation
