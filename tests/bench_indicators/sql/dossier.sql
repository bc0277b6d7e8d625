-- titre: Dossiers déposés
-- grain: un dossier
-- unite: dossier
-- tables: vie
-- parametres:
-- missions: 1a
SELECT
    numero + 2 AS ligne,
    dossier_id,
    'P' || numero - CAST(hasard(cle, 10) < 0.03 AS INTEGER) AS personne_ref,
    date_premier_contact,
    date_ouverture,
    CASE WHEN est_clos THEN date_fin END AS date_cloture,
    CASE
        WHEN NOT est_clos THEN NULL
        WHEN est_atteste THEN 'ATTESTE'
        ELSE un_parmi(['ABANDON', 'SANS_SUITE', 'DEMENAGEMENT_CRI', 'DEPART_ETRANGER', 'PERTE_SEJOUR'], hasard(cle, 11))
    END AS motif_cloture,
    CASE
        WHEN est_oblige THEN 'OBLIGE'
        ELSE
            un_parmi(
                ['VOLONTAIRE_DISPENSE', 'VOLONTAIRE_EXEMPTE', 'VOLONTAIRE_AUTRE', 'VOLONTAIRE_AUTRE', 'A_DETERMINER'],
                hasard(cle, 12)
            )
    END AS statut_public,
    CASE WHEN date_ouverture < DATE '2025-01-01' THEN 'R2018' ELSE 'R2025' END AS regime_juridique,
    un_parmi(['COMMUNE', 'CPAS', 'FOREM', 'OPERATEUR', 'PROCHE', 'SPONTANE', 'AUTRE', 'INC'], hasard(cle, 13))
        AS canal_entree,
    'B-01' AS bureau_id,
    commune_refnis,
    un_parmi(['F', 'F', 'F', 'M', 'M', 'INC'], hasard(cle, 14)) AS sexe,
    CAST(year(date_ouverture) - 18 - floor(hasard(cle, 15) * 50) AS INTEGER) AS annee_naissance,
    un_parmi(['SYR', 'MAR', 'UKR', 'TUR', 'COD', 'AFG', 'GIN', 'CMR', 'ROU', 'BRA', 'IND', 'XXX'], hasard(cle, 16))
        AS nationalite,
    un_parmi(['SYR', 'MAR', 'UKR', 'TUR', 'COD', 'AFG', 'GIN', 'CMR', 'ROU', 'BRA', 'IND', 'XXX'], hasard(cle, 16))
        AS pays_naissance,
    un_parmi(['A', 'B', 'F', 'K', 'L'], hasard(cle, 17)) AS titre_sejour,
    un_parmi(['FAM', 'ETU', 'TRA', 'PI_REF', 'PI_SUB', 'PT', 'HUM', 'INC'], hasard(cle, 18)) AS motif_sejour,
    date_premier_contact - CAST(floor(hasard(cle, 19) * 90) AS INTEGER) AS date_titre,
    date_premier_contact - CAST(floor(hasard(cle, 19) * 900) AS INTEGER) AS date_debut_sejour_legal,
    'NON' AS mena,
    un_parmi(['0', '1', '2', '3', '4', '5', '6', '7', '9'], hasard(cle, 20)) AS niveau_diplome,
    'SANS_OBJET' AS equivalence,
    un_parmi(['DEMANDEUR', 'CPAS', 'AUTRE', 'INC'], hasard(cle, 21)) AS situation_pro,
    un_parmi(['ara', 'ary', 'ukr', 'tur', 'lin', 'prs', 'fra'], hasard(cle, 22)) AS langue_principale,
    NULL AS personne_pseudo
FROM vie
