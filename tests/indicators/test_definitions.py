"""Definitions and SELECTs: complete, of one meaning per version, reading only what they may."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
import yaml
from pydantic import ValidationError

import intercentre
import schemas.indicators
from schemas.extracts import TABLES
from schemas.indicators import TERRITORY_COLUMN, Definition, breakdowns, definitions
from schemas.indicators.completeness import expected_fields
from schemas.nomenclatures import nomenclature
from schemas.query import HeaderError, Query, read_query

_FOLDER = Path(schemas.indicators.__file__).parent
_ROOT = Path(__file__).parents[2]
_MEASURES = {
    "compte": set(),
    "distinct": {"rang"},
    "somme": {"numerateur"},
    "part": {"numerateur", "denominateur"},
    "rapport": {"numerateur", "denominateur"},
    "mediane": {"valeur"},
    "dispersion": {"numerateur", "denominateur"},
}
_ROOMS = ("harmonisation", "indicators", "disclosure", "concertation")
_ALL_QUERIES = [
    *(pytest.param(one.query, id=code) for code, one in definitions().items()),
    *(
        pytest.param(read_query(path), id=f"{path.parents[1].name}-{path.stem}")
        for room in _ROOMS
        for path in sorted((Path(intercentre.__file__).parent / room / "sql").glob("*.sql"))
    ),
]


def test_every_indicator_is_there_with_both_files() -> None:
    assert sorted(path.stem for path in _FOLDER.glob("I*.sql")) == list(definitions())


@pytest.mark.parametrize("definition", definitions().values(), ids=list(definitions()))
class TestDefinition:
    def test_its_meaning_is_that_of_its_version(self, definition: Definition) -> None:
        assert definition.fingerprint == definition.empreinte, (
            f"{definition.code}: the SELECT or the counting has changed. Raise `version`, then write the new "
            f"`empreinte`: {definition.fingerprint}"
        )

    def test_its_select_gives_the_columns_that_counting_needs(self, definition: Definition) -> None:
        wanted = {"periode", "unite_id"} | _MEASURES[definition.mesure] | set(definition.dimensions)
        wanted |= set(definition.standardisation)
        places = {*definition.territoires, *definition.territoires_totaux} - {"region"}
        wanted |= {TERRITORY_COLUMN[place] for place in places}
        wanted |= {"est_mur"} if definition.vue == "cohorte" else set()
        if definition.lone_units:
            assert definition.mesure == "distinct"
            wanted.add(definition.lone_units)
        assert wanted <= set(selected_columns(definition.query.text))

    def test_its_select_reads_only_common_tables(self, definition: Definition) -> None:
        if definition.mesure == "dispersion":
            assert definition.query.tables == ("comparable",)
        else:
            assert {table.split(".")[0] for table in definition.query.tables} == {"commun"}
        assert definition.query.parameters == ()

    def test_its_missions_are_those_of_its_select(self, definition: Definition) -> None:
        assert definition.query.header["missions"].split() == list(definition.missions)

    def test_it_says_in_french_what_it_answers_and_where_it_misleads(self, definition: Definition) -> None:
        assert definition.question.endswith("?")
        assert definition.pieges
        for number in re.findall(r"docs/decisions/(\d{4})", definition.decision + definition.maturite):
            assert list((_ROOT / "docs" / "decisions").glob(f"{number}-*.md")), number

    def test_a_cohort_says_when_it_is_mature(self, definition: Definition) -> None:
        assert ("mûr" in definition.maturite) == (definition.vue == "cohorte")


@pytest.mark.parametrize("query", _ALL_QUERIES)
class TestQuery:
    def test_it_is_one_select_that_names_its_columns(self, query: Query) -> None:
        statements = duckdb.extract_statements(query.text)
        assert [one.type for one in statements] == [duckdb.StatementType.SELECT]
        code = "\n".join(line for line in query.text.splitlines() if not line.startswith("--"))
        assert not re.search(r"\bSELECT\s+(\w+\.)?\*", code, re.IGNORECASE)

    def test_its_header_names_the_tables_it_reads(self, query: Query) -> None:
        with duckdb.connect() as engine:
            named = engine.get_table_names(re.sub(r"\$\w+", "NULL", query.text), qualified=True)
        read = {name.replace('"', "").split(" AS ")[0] for name in named}
        assert read == set(query.tables)

    def test_its_header_names_its_parameters(self, query: Query) -> None:
        code = "\n".join(line for line in query.text.splitlines() if not line.startswith("--"))
        assert set(re.findall(r"\$(\w+)", code)) == set(query.parameters)


def test_a_changed_select_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = definitions()["I01"].query.text.replace("BETWEEN periode_couverte.debut", "BETWEEN DATE '1990-01-01'")
    (tmp_path / "I01.sql").write_text(changed, encoding="utf-8")
    monkeypatch.setattr("schemas.indicators.definition._FOLDER", tmp_path)
    assert definitions()["I01"].fingerprint != definitions()["I01"].empreinte


def test_a_changed_counting_is_caught_and_a_changed_wording_is_not() -> None:
    given = definitions()["I24"]
    assert given.model_copy(update={"ventilations": ("axe",)}).fingerprint != given.empreinte
    assert given.model_copy(update={"vue": "cohorte"}).fingerprint != given.empreinte
    assert given.model_copy(update={"version": "1.0.1"}).fingerprint != given.empreinte
    assert given.model_copy(update={"lecture": "Autrement dit."}).fingerprint == given.empreinte


@pytest.mark.parametrize(
    "wrong",
    [
        {"ventilations": ["taille"]},
        {"territoires": ["centre", "region"]},
        {"unite": "jours"},
        {"denominateur": None},
        {"code": "X01"},
        {"version": "1"},
        {"inconnue": "une clé de trop"},
        {"periodes": ["S"]},
        {"attente": True},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_definition_that_does_not_hold_together_is_refused(wrong: dict[str, object]) -> None:
    given = yaml.safe_load((_FOLDER / "I04.yml").read_text(encoding="utf-8"))
    Definition.model_validate(given)
    with pytest.raises(ValidationError):
        Definition.model_validate(given | wrong)


def test_every_breakdown_has_a_label_for_each_code_and_for_the_unknown() -> None:
    for name, breakdown in breakdowns().items():
        assert breakdown.croisement or breakdown.inconnu in breakdown.labels, name
        assert all(label for label in breakdown.labels.values()), name
    assert set(breakdowns()["sexe"].labels) == set(nomenclature("sexe").entries)
    assert breakdowns()["motif_sejour"].labels["INC"] == "Motif inconnu"
    assert breakdowns()["axe"].labels["INC"] == "Non renseigné"


def test_every_breakdown_serves_an_indicator() -> None:
    assert {dimension for one in definitions().values() for dimension in one.told_dimensions} == set(breakdowns())


def test_a_sql_file_without_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sans.sql"
    path.write_text("-- titre: sans grain\nSELECT 1\n", encoding="utf-8")
    with pytest.raises(HeaderError, match=r"sans\.sql: header without grain, unite"):
        read_query(path)


def selected_columns(text: str) -> list[str]:
    """Names of the columns of a SELECT, read from the aliases and names of its last column list."""
    body = text[text.rindex("\nSELECT") if "\nSELECT" in text else 0 :]
    columns = re.split(r"\nFROM ", body)[0]
    return re.findall(r"(?:AS |\.|^    )(\w+),?$", columns, re.MULTILINE)


def test_a_crossed_breakdown_names_each_pair_of_its_two() -> None:
    labels = breakdowns()["niveau_entree_sexe"].labels
    assert len(labels) == len(nomenclature("cecrl").entries) * len(nomenclature("sexe").entries) + len(
        nomenclature("sexe").entries
    ), "the unknown level is a level too"
    assert (
        labels["A1_F"] == f"{nomenclature('cecrl').entries['A1'].libelle}, {nomenclature('sexe').entries['F'].libelle}"
    )


def test_the_fields_expected_are_those_of_the_contract_and_of_the_breakdowns() -> None:
    known = {
        f"{one.table}-{name}": (one, name) for one in expected_fields() for name in one.champs
    }  # fmt: skip
    assert set(known) == set(breakdowns()["champ"].modalites)
    assert set(breakdowns()["table_nom"].modalites) == set(TABLES)
    for one, name in known.values():
        fields = TABLES[one.table].fields()
        assert {name, one.date} <= set(fields), one.table
        _, info = fields[name]
        can_be_missing = not info.is_required() or bool(one.champs[name])
        assert can_be_missing, f"{one.table}.{name} is never empty"
