-- titre: Côtés de transferts à apparier
-- grain: un côté d'un transfert qui n'est ni refusé ni annulé
-- unite: côté de transfert
-- tables: extrait.transfert extrait.dossier
-- parametres:
-- missions: 1c 7
SELECT
    transfert.sens,
    transfert.centre_code,
    transfert.centre_contrepartie,
    transfert.centre_code || ':' || transfert.dossier_id AS cle,
    transfert.centre_contrepartie || ':' || transfert.dossier_contrepartie AS cle_contrepartie,
    transfert.date_effet,
    coalesce(transfert.date_effet, transfert.date_demande) AS date_repere,
    dossier.sexe,
    dossier.annee_naissance,
    dossier.nationalite,
    dossier.personne_pseudo
FROM extrait.transfert AS transfert
LEFT JOIN extrait.dossier AS dossier
    ON dossier.centre_code = transfert.centre_code
    AND dossier.dossier_id = transfert.dossier_id
WHERE transfert.statut NOT IN ('REFUSE', 'ANNULE')
    AND transfert.centre_contrepartie <> transfert.centre_code
ORDER BY cle, date_repere, cle_contrepartie, transfert.transfert_id
