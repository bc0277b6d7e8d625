"""One centre over four quarters, staged by hand: the plausible asks nothing, each planted fault its one question."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from intercentre.core.hub import Hub
from intercentre.core.registry.tables import Depot, Journal
from intercentre.core.settings import Settings
from intercentre.plausibility import NotStaged, PlausibilityError, check_plausibility, check_unjudged, read_findings
from schemas.exchanges.verdict import Decision, TableCount, Verdict
from schemas.extracts import TABLES
from schemas.findings import Severity
from schemas.period import Period
from tests.staged import register, stage

pytestmark = pytest.mark.slow  # Great Expectations takes four seconds to import

Row = dict[str, Any]
FIRST, LAST = Period(2025, 1), Period(2026, 3)
EACH = 60  # dossiers opened in each quarter
FILES = ("gx.json", "attentes.json", "constats.json", "page.html")


def dossiers(periode: Period) -> list[Row]:
    """Every dossier opened since the first quarter. Two neighbours are alike, so that one of two keeps all shares.

    Of a hundred: 60 obliged, 20 exempted, 10 dispensed, 10 others; 20 closed; 80 with the date of their title.
    Of twenty-five persons: 11 women, 12 men, 2 whose sex is not known.
    """
    quarters = 1 + (periode.annee - FIRST.annee) * 4 + periode.trimestre - FIRST.trimestre
    return [_dossier(at) for at in range(EACH * quarters)]


def _dossier(at: int) -> Row:
    kind = at // 2
    opened = FIRST.shift(at // EACH).debut + timedelta(days=10 + at % EACH)
    status = (["OBLIGE"] * 6 + ["VOLONTAIRE_EXEMPTE"] * 2 + ["VOLONTAIRE_DISPENSE", "VOLONTAIRE_AUTRE"])[kind % 10]
    closed = kind % 20 < 4
    return {
        "dossier_id": f"D-{at}",
        "date_ouverture": opened,
        "date_premier_contact": opened - timedelta(days=5),
        "date_cloture": opened + timedelta(days=12) if closed else None,
        "motif_cloture": "ATTESTE" if closed else None,
        "statut_public": status,
        "sexe": "F" if kind % 25 < 11 else "M" if kind % 25 < 23 else "INC",
        "date_titre": opened - timedelta(days=30) if kind % 5 else None,
    }


def changed(rows: Iterable[Row], change: Callable[[int, Row], Row]) -> list[Row]:
    """The rows, each with what `change` says of it, by the number of its pair."""
    return [row | change(int(row["dossier_id"].removeprefix("D-")) // 2, row) for row in rows]


class World:
    """A hub in which CAI has delivered for three quarters and four other centres for one."""

    def __init__(self, home: Path) -> None:
        self.hub = Hub(Settings(home=home), now=lambda: datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
        self.numbers = count(1)
        for back in (3, 2, 1):
            self.deposit("CAI", LAST.shift(-back), dossiers(LAST.shift(-back)))
        for centre in ("CERAIC", "CIMB", "CRIC", "CRVI"):
            # six of twenty closed, as against four at CAI: another public, in the same band
            rows = changed(dossiers(Period(2025, 2)), lambda kind, row: closing(row, kind % 20 < 6))
            self.deposit(centre, LAST.previous(), rows)

    def deposit(
        self,
        centre: str,
        periode: Period,
        rows: list[Row],
        others: Mapping[str, list[Row]] = MappingProxyType({}),
        held: Iterable[str] = (),
        **facts: Any,
    ) -> str:
        """A deposit in custody, staged; its verdict names the tables `held`, all of them when none is said."""
        tables: dict[str, list[Row]] = {table: [] for table in TABLES}
        extracts = self.hub.home.root / "z1" / "extraits"
        whole = tables | {"dossier": rows} | others
        found = stage(extracts, centre, str(periode), whole, numero=next(self.numbers))
        register(self.hub, found, **facts)
        if held:
            with self.hub.registry.change() as change:
                change.session.get_one(Depot, found.depot_id).verdict = verdict_of(centre, periode, whole, held)
        return found.depot_id

    def judge(self, rows: list[Row], centre: str = "CAI", periode: Period = LAST, **facts: Any) -> Path:
        return check_plausibility(self.hub, self.deposit(centre, periode, rows, **facts))

    def journal(self, objet: str) -> list[tuple[str, dict[str, Any]]]:
        with self.hub.registry.read() as session:
            lines = session.execute(select(Journal).where(Journal.objet == objet)).scalars().all()
        return [(line.action, json.loads(line.details)) for line in lines]


def verdict_of(centre: str, periode: Period, rows: Mapping[str, list[Row]], held: Iterable[str]) -> str:
    counts = tuple(
        TableCount(
            table=name, fichier=f"{name}.csv", lignes_lues=len(rows[name]), lignes_retenues=len(rows[name]),
            lignes_quarantaine=0,
        )
        for name in held
    )  # fmt: skip
    return Verdict(
        verdict=Decision.ACCEPTE, centre=centre, periode=str(periode), version_contrat="1.1.0", regles_sha256="0" * 64,
        niveau=1, tables=counts, constats=(),
    ).model_dump_json()  # fmt: skip


def closing(row: Row, closed: bool) -> Row:
    return {
        "date_cloture": row["date_ouverture"] + timedelta(days=12) if closed else None,
        "motif_cloture": "ATTESTE" if closed else None,
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("plausibilite") / "hub")


def questions(folder: Path) -> list[tuple[str, str, str | None]]:
    found = json.loads((folder / "constats.json").read_text(encoding="utf-8"))["constats"]
    assert {one["severite"] for one in found} <= {"a_expliquer", "information"}
    return [(one["code"], one["table"], one["colonne"]) for one in found]


def messages(folder: Path) -> list[str]:
    return [one["message"] for one in json.loads((folder / "constats.json").read_text(encoding="utf-8"))["constats"]]


def test_a_plausible_deposit_asks_nothing(world: World) -> None:
    folder = world.judge(dossiers(LAST))
    assert questions(folder) == []
    assert "Rien à expliquer" in (folder / "page.html").read_text(encoding="utf-8")
    gx = json.loads((folder / "gx.json").read_text(encoding="utf-8"))
    assert gx["statistics"]["evaluated_expectations"] == len(gx["results"]) > 30
    (action, details), *more = world.journal(folder.name)
    assert (action, more) == ("plausibilite_verifiee", [])
    assert details["evaluees"] == len(gx["results"])
    assert (details["constats"], details["depots_anterieurs"]) == (0, 3)


class TestEachPlantedFaultIsItsOneQuestion:
    def test_half_of_the_rows(self, world: World) -> None:
        # PLA-001 also stands for the activity of the quarter, halved with the rest
        folder = world.judge([row for at, row in enumerate(dossiers(LAST)) if at % 2])
        assert questions(folder) == [("PLA-001", "dossier", None)]
        assert messages(folder)[0].startswith("La table compte 210 lignes ; d'après vos dépôts précédents, 216 à 504")

    def test_a_quarter_without_its_openings(self, world: World) -> None:
        # 42 of the 60 openings of the quarter were typed with a day of the quarter before
        early = LAST.debut - timedelta(days=3)
        rows = dossiers(LAST)
        late = [row["dossier_id"] for row in rows if row["date_ouverture"] >= LAST.debut][:42]
        rows = changed(rows, lambda _, row: {"date_ouverture": early} if row["dossier_id"] in late else {})
        folder = world.judge(rows)
        # V62 also stands for the stock at the end of the quarter before, to which the backdated ones were added
        assert questions(folder) == [("V62", "dossier", None)]
        assert messages(folder)[0].startswith(
            "Dossiers ouverts dans la période (I01) : 18 ; d'après vos dépôts précédents, "
        )

    def test_twice_the_unknown(self, world: World) -> None:
        rows = changed(dossiers(LAST), lambda kind, _: {"sexe": "INC"} if kind % 25 in (21, 22) else {})
        assert questions(world.judge(rows)) == [("V19", "dossier", "sexe")]

    def test_ten_points_more_obliged(self, world: World) -> None:
        # one in four of all who are not, whatever they are
        rows = changed(dossiers(LAST), lambda kind, _: {"statut_public": "OBLIGE"} if kind // 10 % 4 == 0 else {})
        assert questions(world.judge(rows)) == [("PLA-004", "dossier", "statut_public")]

    def test_twice_the_closures(self, world: World) -> None:
        rows = changed(dossiers(LAST), lambda kind, row: closing(row, kind % 20 < 8))
        assert questions(world.judge(rows)) == [("PLA-005", "dossier", "date_cloture")]

    def test_two_codes_exchanged(self, world: World) -> None:
        swap = {"VOLONTAIRE_EXEMPTE": "VOLONTAIRE_AUTRE", "VOLONTAIRE_AUTRE": "VOLONTAIRE_EXEMPTE"}
        rows = changed(
            dossiers(LAST), lambda _, row: {"statut_public": swap.get(row["statut_public"], row["statut_public"])}
        )
        folder = world.judge(rows)
        assert questions(folder) == [("PLA-006", "dossier", "statut_public")]
        assert "2 modalités concernées" in messages(folder)[0]

    def test_a_column_that_empties(self, world: World) -> None:
        rows = changed(dossiers(LAST), lambda kind, _: {"date_titre": None} if kind % 5 < 3 else {})
        assert questions(world.judge(rows)) == [("PLA-007", "dossier", "date_titre")]

    @pytest.mark.parametrize("column", ["date_premier_contact", "date_ouverture"])
    def test_a_year_too_early(self, world: World, column: str) -> None:
        # for the openings, PLA-008 also stands for a quarter that has none any more
        rows = changed(dossiers(LAST), lambda _, row: {column: row[column] - timedelta(days=365)})
        folder = world.judge(rows)
        assert questions(folder) == [("PLA-008", "dossier", column)]
        # a year less the month and a half by which a new quarter of openings moves the median on
        assert "s'écarte d'environ 10 mois" in messages(folder)[0]

    def test_far_from_all_other_centres(self, world: World) -> None:
        rows = changed(dossiers(LAST), lambda kind, _: {"statut_public": "OBLIGE"} if kind % 10 < 9 else {})
        folder = world.judge(rows, centre="CRIPEL")
        assert questions(folder) == [("PLA-009", "dossier", "statut_public")]
        assert messages(folder) == [
            "Part des personnes obligées : votre dépôt est hors de la bande des autres centres."
        ]

    def test_a_dossier_of_before_that_comes_after(self, world: World) -> None:
        # six quarters of 60 dossiers, four of twenty closed: 288 were active on 30 June
        late = dossiers(LAST)[-1] | {"dossier_id": "D-9999", "date_ouverture": date(2026, 6, 28), "sexe": "F"}
        folder = world.judge([*dossiers(LAST), late | closing(late, closed=False)])
        assert questions(folder) == [("V59", "dossier", None)]
        assert "289 dossiers étaient actifs à la fin de la période du dépôt précédent" in messages(folder)[0]
        assert messages(folder)[0].endswith("celui-ci en comptait 288.")

    def test_a_code_never_seen_is_information(self, world: World) -> None:
        rows = changed(dossiers(LAST), lambda kind, _: {"nationalite": ["SYR", "VUT", "TUV"][kind % 3]})
        folder = world.judge(rows)
        assert questions(folder) == [("V63", "dossier", "nationalite")]
        found = read_findings(world.hub, folder.name) or ()
        assert [one.severite for one in found] == [Severity.INFORMATION]
        assert messages(folder)[0].endswith("leur nombre : 2.")
        page = (folder / "page.html").read_text(encoding="utf-8")
        assert "Rien à expliquer" in page
        assert "Pour information" in page
        assert "VUT" not in page


class TestTablesThatNotEveryCentreDeposits:
    """A centre with two earlier deposits; each case has a hub of its own."""

    HELD = ("dossier", "bureau", "interpretariat")

    @pytest.fixture
    def own(self, tmp_path: Path) -> World:
        world = World(tmp_path / "hub")
        for back in (2, 1):
            quarter = LAST.shift(-back)
            world.deposit("CRIBW", quarter, dossiers(quarter), self.others(quarter, 40), held=self.HELD)
        return world

    def others(self, last: Period, demandes: int) -> dict[str, list[Row]]:
        """Five offices, and interpreters asked for so many times in each month since the first quarter."""
        months = 3 * (1 + (last.annee - FIRST.annee) * 4 + last.trimestre - FIRST.trimestre)
        return {
            "bureau": [{"bureau_id": f"B-{at}", "ouvert_du": FIRST.debut} for at in range(5)],
            "interpretariat": [
                {"mois": f"{FIRST.annee + at // 12}-{1 + at % 12:02d}", "langue": "ara", "prestataire": "SETIS",
                 "demandes": demandes, "honorees": 30, "heures": 45}
                for at in range(months)
            ],
        }  # fmt: skip

    def test_the_same_again_asks_nothing(self, own: World) -> None:
        folder = own.judge(dossiers(LAST), "CRIBW", others=self.others(LAST, 40), held=self.HELD)
        assert questions(folder) == []
        page = (folder / "page.html").read_text(encoding="utf-8")
        assert "Table interpretariat (T20)" in page
        assert "Table session_offre (T08)" not in page, "the centre has no such table"

    def test_a_total_that_falls_while_the_rows_stay(self, own: World) -> None:
        # 3 x 40 = 120 in each quarter; with two earlier values 80 % around the last one: 24 to 216
        folder = own.judge(dossiers(LAST), "CRIBW", others=self.others(LAST, 7), held=self.HELD)
        assert questions(folder) == [("PLA-010", "interpretariat", "demandes")]
        assert messages(folder) == [
            "Le total de la colonne dans la période est 21 ; d'après vos dépôts précédents, 24 à 216 était attendu."
        ]

    def test_a_small_table_that_is_there_no_more(self, own: World) -> None:
        others = self.others(LAST, 40) | {"bureau": []}
        folder = own.judge(dossiers(LAST), "CRIBW", others=others, held=("dossier", "interpretariat"))
        assert questions(folder) == [("PLA-001", "bureau", None)]

    def test_a_table_that_comes_for_the_first_time(self, own: World) -> None:
        sessions = [
            {"session_id": f"S-{at}", "axe": "FLE", "date_debut": LAST.debut, "places": 12} for at in range(300)
        ]
        others = self.others(LAST, 40) | {"session_offre": sessions}
        folder = own.judge(dossiers(LAST), "CRIBW", others=others, held=(*self.HELD, "session_offre"))
        assert questions(folder) == []
        assert "Table session_offre (T08)" in (folder / "page.html").read_text(encoding="utf-8")


def test_the_ceiling_of_unknown_holds_at_a_first_deposit(world: World) -> None:
    rows = changed(dossiers(LAST), lambda kind, _: {"sexe": "INC"} if kind % 25 >= 19 else {})
    assert questions(world.judge(rows, centre="CRIBW")) == [("V19", "dossier", "sexe")]


def test_a_first_deposit_says_that_there_is_nothing_to_compare_with(world: World) -> None:
    folder = world.judge(dossiers(LAST), centre="CRILUX")
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert questions(folder) == []
    assert "C&#39;est le premier dépôt de ce centre" in page
    expected = json.loads((folder / "attentes.json").read_text(encoding="utf-8"))
    assert expected["depots_anterieurs"] == []
    own = [one for one in expected["attentes"] if one["origine"] == "centre" and one["comparable"]]
    assert {(one["regle"], one["minimum"], one["maximum"]) for one in own} == {("V19", None, 20)}


def test_expectations_owe_nothing_to_the_deposit_that_is_judged(world: World) -> None:
    one = world.judge(dossiers(LAST))
    other = world.judge([row for at, row in enumerate(dossiers(LAST)) if at % 2])
    assert one != other
    assert (one / "attentes.json").read_bytes() == (other / "attentes.json").read_bytes()


def test_the_same_deposits_give_the_same_bytes_in_another_home(world: World, tmp_path: Path) -> None:
    folder = world.judge(dossiers(LAST))
    copy = shutil.copytree(world.hub.home.root, tmp_path / "ailleurs")
    shutil.rmtree(copy / "z1" / "plausibilite")
    again = check_plausibility(Hub(Settings(home=copy)), folder.name)
    assert {path.name for path in again.iterdir()} == set(FILES)
    for name in FILES:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    assert list(copy.glob("travail/*")) == []


def test_no_value_of_a_row_and_no_figure_of_another_centre_is_written(world: World) -> None:
    rows = changed(
        dossiers(LAST),
        lambda kind, row: {
            "dossier_id": f"MARQUE-{row['dossier_id']}",
            "personne_ref": "MARQUE-PERSONNE",
            "bureau_id": "MARQUE-BUREAU",
            "nationalite": "VUT",
            "annee_naissance": 1937,
            "date_titre": date(2019, 5, 23),
        },
    )
    folder = world.judge(rows)
    assert ("PLA-008", "dossier", "date_titre") in questions(folder)
    for name in FILES:
        text = (folder / name).read_text(encoding="utf-8")
        days = ("2019-05-23", "23/05/2019", "23 mai 2019", str((date(2019, 5, 23) - date(1970, 1, 1)).days))
        assert [mark for mark in ("MARQUE", "VUT", "1937", *days) if mark in text] == [], name
        assert str(world.hub.home.root) not in text
    regional = [
        one
        for one in json.loads((folder / "gx.json").read_text(encoding="utf-8"))["results"]
        if one["expectation_config"]["meta"]["regle"] == "PLA-009"
    ]
    assert len(regional) == 3
    assert {name for one in regional for name in one["expectation_config"]["kwargs"]} == {"batch_id", "column"}
    assert {json.dumps(one["result"]) for one in regional} == {"{}"}
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page.count("dans la bande") == 3
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "")


def test_what_is_refused_or_unknown_is_not_judged(world: World) -> None:
    with pytest.raises(NotStaged):
        check_plausibility(world.hub, "CAI-2026-T3-inconnu")
    refused = world.deposit("CAI", LAST, dossiers(FIRST), etat="refuse", prepare=False)
    with pytest.raises(NotStaged):
        check_plausibility(world.hub, refused)
    assert read_findings(world.hub, refused) is None


def test_what_cannot_be_evaluated_is_a_fault_and_leaves_nothing(world: World) -> None:
    depot_id = world.deposit("CRIPEL", LAST.previous(), dossiers(FIRST))
    path = world.hub.home.staged("CRIPEL", LAST.previous(), depot_id) / "dossier.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT * EXCLUDE (sexe) FROM '{path}') TO '{path}.neuf' (FORMAT parquet)")
    Path(f"{path}.neuf").replace(path)
    with pytest.raises(PlausibilityError):
        check_plausibility(world.hub, depot_id)
    assert [action for action, _ in world.journal(depot_id)] == ["plausibilite_en_defaut"]
    assert read_findings(world.hub, depot_id) is None
    with world.hub.registry.change() as change:  # the others must not be compared with it
        change.session.get_one(Depot, depot_id).prepare = False


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to reach another machine, refused and kept."""
    tried: list[object] = []

    def refuse(*address: object, **_: object) -> None:
        tried.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried


def test_nothing_is_asked_of_the_network(world: World, no_network: list[object]) -> None:
    assert questions(world.judge(dossiers(LAST))) == []
    assert no_network == []


def test_findings_are_read_back(world: World) -> None:
    folder = world.judge([row for at, row in enumerate(dossiers(LAST)) if at % 2])
    found = read_findings(world.hub, folder.name)
    assert found is not None
    assert [(one.code, one.severite) for one in found] == [("PLA-001", Severity.A_EXPLIQUER)]


def test_each_deposit_of_a_period_is_judged_once(tmp_path: Path) -> None:
    world = World(tmp_path / "hub")
    late = world.deposit("CAI", LAST, dossiers(LAST))
    assert check_unjudged(world.hub, LAST) == [late]
    assert read_findings(world.hub, late) == ()
    assert check_unjudged(world.hub, LAST) == []
