-- titre: Transfert vers son propre centre
-- severite: a_corriger
-- portee: ligne
-- message: Le transfert nomme comme autre centre celui qui dépose.
-- remede: Indiquez l'autre centre du transfert.
-- tables: transfert
-- missions: 7
SELECT 'transfert' AS table_nom, transfert.ligne, 'centre_contrepartie' AS colonne
FROM transfert
WHERE transfert.centre_contrepartie = $centre
