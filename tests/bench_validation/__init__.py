"""The race of validation: the same rules, the same outputs and the same checks for all.

Each contestant (contestants/) turns one extract `dossier`, UTF-8 CSV with `;`, into the same three files:
    lignes.parquet    ligne BIGINT, the 24 typed columns, retenue BOOLEAN: every row of the source, in its order
    constats.parquet  ligne, colonne, code, brut: every failing cell, with the text that stands there
    comptes.json      {"lignes": rows, "retenues": rows kept, "cellules": failing cells,
                      "regles": {"code colonne": failing cells}}
`ligne` is the line in the source, the header being 1; a value that cannot be read is null, an old code is its
successor, a row is retained unless one of its findings is `a_corriger`. The floor writes the typed columns alone.
"""
