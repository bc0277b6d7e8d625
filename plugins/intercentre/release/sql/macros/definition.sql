-- definition('I21'): everything that the release says of an indicator.
CREATE MACRO definition(code) AS TABLE
SELECT * FROM definitions WHERE indicateur = upper(code);
COMMENT ON MACRO TABLE definition IS 'definition(''I21'') : la définition d''un indicateur.';
