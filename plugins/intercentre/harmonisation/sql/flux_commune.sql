-- titre: Signalements des communes aux huit centres
-- grain: les personnes signalées par une commune en un mois
-- unite: personne signalée
-- tables: extrait.flux_commune reference.commune
-- parametres:
-- missions: 1b
-- cle: centre_code commune_refnis mois
SELECT
    flux_commune.centre_code,
    flux_commune.depot_id,
    flux_commune.date_etat,
    flux_commune.commune_refnis,
    flux_commune.mois,
    flux_commune.signales_par_commune,
    flux_commune.documents_remis,
    flux_commune.contactes,
    flux_commune.inscrits_au_centre,
    flux_commune.sans_suite,
    flux_commune.source,
    coalesce(commune.actuelle, flux_commune.commune_refnis) AS commune
FROM extrait.flux_commune AS flux_commune
LEFT JOIN reference.commune AS commune
    ON commune.code = flux_commune.commune_refnis
