-- titre: Écart entre la somme des centres, sans les doubles comptes, et la région
-- grain: une période
-- unite: personne
-- tables: additivite
-- parametres:
-- missions: 7
SELECT
    periode AS lieu,
    somme_centres - doublons - region AS valeur
FROM additivite
