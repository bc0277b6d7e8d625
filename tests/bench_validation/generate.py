"""The data of the race, from a seed, with what every contestant must find in them.

Each failing row breaks one rule that is drawn from the 43, and one in four of them also one more cell. What follows
from each planted error is written beside it (ERRORS): the texts that change and the typed values that must come out. It
is worked out by hand from the contract's French text, and no validator has a part in it.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from schemas.contract import Code, Day, Identifier
from schemas.nomenclatures import nomenclature
from tests.bench_validation.table import COLUMNS, RULES, SETS_ASIDE, TABLE, successors


@dataclass(frozen=True)
class Sample:
    """One file of the race: `share` of the rows fail (0 to 1); `tolerated` adds texts read in spite of their form.

    Its folder bears the hash of the statements that make it: data of another recipe are never taken for these.
    """

    name: str
    rows: int
    share: float
    seed: int = 1
    tolerated: bool = False

    def folder(self, home: Path) -> Path:
        recipe = hashlib.sha256("\n".join((_rows_sql(self), _cells_sql(), _typed_sql())).encode()).hexdigest()
        return home / f"{self.name}-{self.rows}-{recipe[:12]}"


SOURCE, EXPECTED_CELLS, EXPECTED_ROWS = "dossier.csv", "attendu-constats.parquet", "attendu-lignes.parquet"


@dataclass(frozen=True)
class Planted:
    """One way to break one rule.

    texts  column → SQL of the text that is written instead
    typed  column → SQL of the typed value, as text, where it is not the text itself
    """

    texts: dict[str, str]
    typed: dict[str, str] = field(default_factory=dict)


def generate(sample: Sample, home: Path) -> Path:
    """The folder of the sample, made unless it is there: the CSV, the expected cells, the expected typed rows."""
    folder = sample.folder(home)
    if folder.exists():
        return folder
    making = home / f".{folder.name}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": True}) as connection:
        connection.execute(_rows_sql(sample))
        texts = ", ".join(f"b_{column} AS {column}" for column in COLUMNS)
        connection.execute(
            f"COPY (SELECT {texts} FROM ligne_generee)"
            f" TO '{making / SOURCE}' (FORMAT csv, DELIMITER ';', QUOTE '', ESCAPE '', NULLSTR '', HEADER true)"
        )
        connection.execute(f"COPY ({_cells_sql()}) TO '{making / EXPECTED_CELLS}' (FORMAT parquet)")
        connection.execute(f"COPY ({_typed_sql()}) TO '{making / EXPECTED_ROWS}' (FORMAT parquet)")
    making.rename(folder)
    return folder


def _draw(salt: int) -> str:
    """SQL of a number drawn for the row, the same each time for one salt."""
    return f"hash(i * 1000 + {salt} + graine * 7919)"


def _among(texts: list[str], salt: int) -> str:
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"([{listed}])[1 + ({_draw(salt)} % {len(texts)})::INT]"


def _codes(column: str) -> list[str]:
    """Codes of the column that hold on any day."""
    kind = TABLE.fields()[column][0]
    if not isinstance(kind, Code):
        raise TypeError(column)
    return [code for code, entry in nomenclature(kind.list_name).entries.items() if entry.valide_au is None]


_OUTSIDE = ["SYR", "AFG", "COD", "MAR", "TUR", "UKR", "GIN", "CMR", "IRQ", "PSE"]
_ANYWHERE = [*_OUTSIDE, "FRA", "BEL", "ITA", "ROU"]


def _base() -> dict[str, str]:
    """Column → SQL of a text that breaks no rule; later columns may name earlier ones (jour, o for obliged)."""
    free = ("canal_entree", "commune_refnis", "sexe", "pays_naissance", "titre_sejour", "motif_sejour", "mena",
            "niveau_diplome", "equivalence", "situation_pro", "langue_principale")  # fmt: skip
    base = {column: _among(_codes(column), 20 + place) for place, column in enumerate(free)}
    for place, column in enumerate(("pays_naissance", "niveau_diplome", "equivalence", "langue_principale")):
        base[column] = f"CASE WHEN {_draw(60 + place)} % 20 = 0 THEN NULL ELSE {base[column]} END"
    return base | {
        "dossier_id": "'CRI-DOSSIER-2026-' || lpad(i::VARCHAR, 9, '0')",
        "personne_ref": f"md5({_draw(1)}::VARCHAR) || md5({_draw(2)}::VARCHAR)",
        "date_premier_contact": f"CASE WHEN {_draw(3)} % 10 = 0 THEN NULL"
        f" ELSE (jour - ({_draw(4)} % 60)::INT)::VARCHAR END",
        "date_ouverture": "jour::VARCHAR",
        "date_cloture": "cloture::VARCHAR",
        "motif_cloture": f"CASE WHEN cloture IS NOT NULL THEN {_among(_codes('motif_cloture'), 5)} END",
        "statut_public": "CASE WHEN oblige THEN 'OBLIGE' ELSE "
        + _among(["VOLONTAIRE_DISPENSE", "VOLONTAIRE_EXEMPTE", "VOLONTAIRE_AUTRE", "A_DETERMINER"], 6)
        + " END",
        "regime_juridique": "CASE WHEN jour >= DATE '2025-01-01' THEN 'R2025'"
        " WHEN jour >= DATE '2018-12-17' THEN 'R2018' ELSE 'R2016' END",
        "bureau_id": f"CASE WHEN {_draw(7)} % 5 = 0 THEN NULL"
        f" ELSE 'BUREAU-ACCUEIL-' || lpad(({_draw(8)} % 30)::VARCHAR, 2, '0') END",
        "annee_naissance": f"CASE WHEN {_draw(9)} % 50 = 0 THEN NULL"
        f" ELSE (year(jour) - 18 - ({_draw(10)} % 47)::INT)::VARCHAR END",
        "nationalite": f"CASE WHEN oblige THEN {_among(_OUTSIDE, 11)} ELSE {_among(_ANYWHERE, 12)} END",
        "date_titre": f"CASE WHEN {_draw(13)} % 4 = 0 THEN NULL ELSE (jour - ({_draw(14)} % 90)::INT)::VARCHAR END",
        "date_debut_sejour_legal": f"CASE WHEN {_draw(15)} % 6 = 0 THEN NULL"
        f" ELSE (jour - ({_draw(16)} % 700)::INT)::VARCHAR END",
    }


_IN_R2018 = {
    "date_ouverture": f"(DATE '2020-01-01' + ({_draw(17)} % 1000)::INT)::VARCHAR",
    "regime_juridique": "'R2018'",
    "date_cloture": "NULL",
    "motif_cloture": "NULL",
    "date_debut_sejour_legal": "NULL",
}
"""An open dossier of 2020 to 2022, whose start of legal stay is unknown."""

_UNREADABLE = {
    Identifier: ["D 12", "numéro/4", "P_" + "0" * 80, "R&D7"],
    Code: ["ZZ9", "inc", "?", "Autre (à préciser)", "nan"],
    Day: ["2026-02-31", "2026-13-01", "1989-12-31", "2026-10-01", "20260115", "2020-1-5", "inconnue", "12/31/2020"],
}
_UNREADABLE_YEAR = ["19x0", "1899", "2101", "1990.5", "1e3", "-1980", "0x7C6", "1_980"]

_ROW_ERRORS = {
    "V14": Planted({"dossier_id": "lpad(i::VARCHAR, 11, '0')"}),
    "V20": Planted(
        {
            "date_cloture": "CASE WHEN i % 2 = 0 THEN jour::VARCHAR END",
            "motif_cloture": "CASE WHEN i % 2 = 0 THEN NULL ELSE 'ABANDON' END",
        }
    ),
    "V21": Planted({"date_cloture": f"(jour - 1 - ({_draw(18)} % 30)::INT)::VARCHAR", "motif_cloture": "'ATTESTE'"}),
    "V23": Planted({"annee_naissance": "CASE WHEN i % 2 = 0 THEN '1900' ELSE '2099' END"}),
    "V24": Planted({"statut_public": "'OBLIGE'", "nationalite": "'BEL'", "date_debut_sejour_legal": "NULL"}),
    "V25": Planted(
        _IN_R2018
        | {"statut_public": "'OBLIGE'", "nationalite": "'SYR'"}
        | {"date_debut_sejour_legal": f"(DATE '2010-01-01' + ({_draw(19)} % 1000)::INT)::VARCHAR"}
    ),
    "V27": Planted({"regime_juridique": "'R1996'"}),
}

_MAPPED = {
    "commune_refnis": Planted(_IN_R2018 | {"commune_refnis": "'52043'"}, {"commune_refnis": "'55086'"}),
    "titre_sejour": Planted(
        {"titre_sejour": "'C'", "date_titre": f"(DATE '2022-01-01' + ({_draw(17)} % 300)::INT)::VARCHAR"},
        {"titre_sejour": "'K'"},
    ),
}


def _planted(code: str, column: str, salt: int) -> Planted:
    """How this rule is broken."""
    kind = TABLE.fields()[column][0]
    if code == "CTR-001":
        return Planted({column: "NULL"})
    if code in _ROW_ERRORS:
        return _ROW_ERRORS[code]
    if successors(column) and code == kind.mapped:  # type: ignore[attr-defined]
        return _MAPPED[column]
    texts = _UNREADABLE.get(type(kind), _UNREADABLE_YEAR)
    return Planted({column: _among(texts, salt)}, {column: "NULL"})


ERRORS = {rule: _planted(*rule, 100 + place) for place, rule in enumerate(RULES)}

_SECOND = (
    "canal_entree", "bureau_id", "sexe", "pays_naissance", "motif_sejour", "mena", "niveau_diplome", "equivalence",
    "situation_pro", "langue_principale",
)  # fmt: skip
"""Columns that no row rule reads: another error there changes nothing else."""


def _second(column: str) -> int:
    """Place of the rule that a second error breaks."""
    return RULES.index((TABLE.fields()[column][0].unreadable, column))


def _rows_sql(sample: Sample) -> str:
    """CREATE TABLE: i, erreur and seconde (places in RULES or NULL), b_ and v_ text and value of each column."""
    share = round(sample.share * 1000)
    seconds = ", ".join(str(_second(column)) for column in _SECOND)
    base = _base()
    texts, typed, tolerated = [], [], []
    for column in COLUMNS:
        text_cases = [f"WHEN {place} THEN {ERRORS[rule].texts[column]}" for place, rule in enumerate(RULES)
                      if column in ERRORS[rule].texts]  # fmt: skip
        typed_cases = [f"WHEN {place} THEN {ERRORS[rule].typed[column]}" for place, rule in enumerate(RULES)
                       if column in ERRORS[rule].typed]  # fmt: skip
        text = f"CASE erreur {' '.join(text_cases)} ELSE {base[column]} END"
        value = f"CASE erreur {' '.join(typed_cases)} ELSE t_{column} END"
        if column in _SECOND:
            text = f"CASE WHEN seconde = {_second(column)} THEN '!!' ELSE {text} END"
            value = f"CASE WHEN seconde = {_second(column)} THEN NULL ELSE {value} END"
        texts.append(f"{text} AS t_{column}")
        typed.append(f"{value} AS v_{column}")
        shown = _tolerated(column) if sample.tolerated else f"t_{column}"
        tolerated.append(f"{shown} AS b_{column}")
    return (
        "CREATE TABLE ligne_generee AS WITH\n"
        f"tirage AS (SELECT range AS i, {sample.seed} AS graine FROM range({sample.rows})),\n"
        f"fait AS (SELECT i, graine, DATE '2016-06-01' + ({_draw(90)} % 3700)::INT AS jour,"
        f" {_draw(91)} % 2 = 0 AS oblige,"
        f" CASE WHEN {_draw(92)} % 10 < 8"
        f" THEN least(jour + ({_draw(93)} % 400)::INT, DATE '2026-09-30') END AS cloture,"
        f" CASE WHEN {_draw(94)} % 1000 < {share} THEN ({_draw(95)} % {len(RULES)})::INT END AS erreur FROM tirage),\n"
        f"deux AS (SELECT *, CASE WHEN erreur IS NOT NULL AND {_draw(96)} % 4 = 0"
        f" THEN ([{seconds}])[1 + ({_draw(97)} % {len(_SECOND)})::INT] END AS candidate FROM fait),\n"
        "distinct_deux AS (SELECT *, CASE WHEN candidate <> erreur AND NOT "
        f"({_same_column('erreur', 'candidate')}) THEN candidate END AS seconde FROM deux),\n"
        f"texte AS (SELECT *, {', '.join(texts)} FROM distinct_deux)\n"
        f"SELECT i, erreur, seconde, {', '.join(typed)}, {', '.join(tolerated)} FROM texte"
    )


def _same_column(first: str, second: str) -> str:
    columns = ", ".join(f"'{column}'" for _, column in RULES)
    return f"([{columns}])[1 + {first}] = ([{columns}])[1 + {second}]"


def _tolerated(column: str) -> str:
    """Blanks around, Belgian days: in one row in five, and only where the row has no error."""
    kind = TABLE.fields()[column][0]
    text = f"t_{column}"
    if isinstance(kind, Day):
        text = f"coalesce({text}[9:10] || '/' || {text}[6:7] || '/' || {text}[1:4], '  ')"
    elif column == "dossier_id":
        return text
    else:
        text = f"' ' || coalesce({text}, '') || chr(160)"
    place = COLUMNS.index(column)
    return f"CASE WHEN erreur IS NULL AND {_draw(200 + place)} % 5 = 0 THEN {text} ELSE t_{column} END"


def _cells_sql() -> str:
    """The failing cells: ligne, colonne, code, brut."""
    columns = ", ".join(f"'{column}'" for _, column in RULES)
    codes = ", ".join(f"'{code}'" for code, _ in RULES)
    text = " ".join(f"WHEN '{column}' THEN b_{column}" for column in COLUMNS)
    return (
        "WITH cellule AS (SELECT *, unnest([erreur, seconde]) AS place FROM ligne_generee WHERE erreur IS NOT NULL)\n"
        f"SELECT i + 2 AS ligne, ([{columns}])[1 + place] AS colonne, ([{codes}])[1 + place] AS code,"
        f" coalesce(CASE colonne {text} END, '') AS brut FROM cellule WHERE place IS NOT NULL ORDER BY i"
    )


def _typed_sql() -> str:
    """The typed rows, in order: ligne, the columns, retenue."""
    typed = []
    for column, (kind, _) in TABLE.fields().items():
        cast = "DATE" if isinstance(kind, Day) else "INTEGER" if column == "annee_naissance" else "VARCHAR"
        typed.append(f"CAST(v_{column} AS {cast}) AS {column}")
    aside = ", ".join(str(place) for place, (code, _) in enumerate(RULES) if code in SETS_ASIDE)
    kept = f"NOT coalesce(erreur IN ({aside}), false) AND seconde IS NULL"
    return f"SELECT i + 2 AS ligne, {', '.join(typed)}, {kept} AS retenue FROM ligne_generee ORDER BY i"
