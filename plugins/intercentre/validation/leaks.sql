-- What looks like a personal datum, as macros over one trimmed text; true, false or NULL, never an error.
-- A pattern comes first in every CASE, so the arithmetic is only done on the few texts that have the form.

-- National number or BIS number (YYMMDD, order, check): 97 - n mod 97, with a 2 before the nine digits from 2000 on;
-- the month is +20 or +40 in a BIS number, month and day may be 0. Source: royal decree of 8 February 1991.
CREATE OR REPLACE TEMP MACRO chiffres(texte) AS regexp_replace(texte, '[^0-9]', '', 'g');

CREATE OR REPLACE TEMP MACRO est_numero_national(texte) AS
CASE WHEN regexp_full_match(texte, '[0-9]{2}[. ]?[0-9]{2}[. ]?[0-9]{2}[. -]?[0-9]{3}[. -]?[0-9]{2}') THEN
    try_cast(chiffres(texte)[3:4] AS INTEGER) % 20 <= 12
    AND try_cast(chiffres(texte)[3:4] AS INTEGER) <= 52
    AND try_cast(chiffres(texte)[5:6] AS INTEGER) <= 31
    AND try_cast(chiffres(texte)[10:11] AS INTEGER) IN (
        97 - try_cast(chiffres(texte)[1:9] AS BIGINT) % 97,
        97 - try_cast('2' || chiffres(texte)[1:9] AS BIGINT) % 97
    )
END;

-- Enterprise number (BCE): an operator may bear one, and it looks like a mobile telephone.
CREATE OR REPLACE TEMP MACRO est_numero_entreprise(texte) AS
CASE WHEN regexp_full_match(texte, '[01][0-9]{3}[.]?[0-9]{3}[.]?[0-9]{3}') THEN
    try_cast(chiffres(texte)[9:10] AS INTEGER) = 97 - try_cast(chiffres(texte)[1:8] AS BIGINT) % 97
ELSE false END;

CREATE OR REPLACE TEMP MACRO est_courriel(texte) AS
contains(texte, '@') AND regexp_full_match(texte, '[^@\s]+@[^@\s]+\.[A-Za-z]{2,}');

-- A telephone that nothing else looks like: international, or national with separators (9 or 10 digits).
CREATE OR REPLACE TEMP MACRO est_telephone(texte) AS
CASE
    WHEN regexp_full_match(texte, '\+[1-9][0-9]{7,14}') THEN true
    WHEN regexp_full_match(texte, '(\+|00 ?)[1-9][0-9]{0,2}[ ./()-]+[0-9][0-9 ./()-]{5,16}') THEN true
    WHEN regexp_full_match(texte, '0[0-9]{1,3}[ /.][0-9]{2,3}([ .]?[0-9]{2,3}){1,3}') THEN
        strlen(chiffres(texte)) BETWEEN 9 AND 10 AND NOT est_numero_entreprise(texte)
    ELSE false
END;

-- A Belgian mobile written without separators: a local number may look like it by chance.
CREATE OR REPLACE TEMP MACRO est_mobile_sans_separateur(texte) AS
regexp_full_match(texte, '(0032|0)4[5-9][0-9]{7}') AND NOT est_numero_entreprise(texte);

-- IBAN (ISO 13616): length of the country, then mod 97 of the rearranged text = 1, letters counting 10 to 35.
CREATE OR REPLACE TEMP MACRO longueur_iban(pays) AS
CASE
    WHEN pays = 'NO' THEN 15
    WHEN pays IN ('BE') THEN 16
    WHEN pays IN ('DK', 'FI', 'NL') THEN 18
    WHEN pays IN ('SI') THEN 19
    WHEN pays IN ('AT', 'EE', 'LT', 'LU') THEN 20
    WHEN pays IN ('CH', 'HR', 'LI', 'LV') THEN 21
    WHEN pays IN ('BG', 'DE', 'GB', 'IE') THEN 22
    WHEN pays IN ('CZ', 'ES', 'RO', 'SE', 'SK', 'TN') THEN 24
    WHEN pays IN ('PT') THEN 25
    WHEN pays IN ('TR') THEN 26
    WHEN pays IN ('FR', 'GR', 'IT', 'MC') THEN 27
    WHEN pays IN ('CY', 'HU', 'MA', 'PL') THEN 28
    WHEN pays IN ('MT') THEN 31
    ELSE 0
END;

CREATE OR REPLACE TEMP MACRO reste_97(texte) AS
list_reduce(
    list_transform(string_split(texte, ''), lambda c: CASE WHEN ascii(c) < 58 THEN ascii(c) - 48 ELSE ascii(c) - 55 END),
    lambda reste, chiffre: (reste * (CASE WHEN chiffre < 10 THEN 10 ELSE 100 END) + chiffre) % 97,
    0
);

CREATE OR REPLACE TEMP MACRO est_iban(texte) AS
CASE WHEN regexp_full_match(texte, '(?i)[a-z]{2}[0-9]{2}( ?[a-z0-9]){11,30}') THEN
    strlen(replace(texte, ' ', '')) = longueur_iban(upper(texte[1:2]))
    AND reste_97(upper(replace(texte[5:], ' ', '') || texte[1:4])) = 1
ELSE false END;
