"""Deposits that break a rule on containers, manifests, files and columns, and deposits that just keep it.

Each maker writes one package in a folder and returns its path; `FAILING` and `PASSING` are by finding code.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from schemas.extracts import TABLES, VERSION_CONTRAT
from tests.packages import DEFAULTS, csv_bytes, files, manifest, with_manifest, write_folder, write_zip
from tests.workbooks import Cell, Sheets, ods_bytes, ole2_bytes, xls_bytes, xlsx_bytes, zip_bytes

Maker = Callable[[Path], Path]
Place = tuple[str | None, int | None, str | None]  # table, ligne, colonne
NOWHERE: Place = (None, None, None)

_DEPOSIT = files({"dossier": [{}]})


def _bytes(content: bytes, name: str = "depot.zip") -> Maker:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _empty_folder(folder: Path) -> Path:
    (folder / "depot").mkdir()
    return folder / "depot"


def _folder(content: Mapping[str, bytes]) -> Maker:
    return lambda folder: write_folder(folder / "depot", content)


def _zip(content: Mapping[str, bytes]) -> Maker:
    return lambda folder: write_zip(folder / "depot.zip", content)


def _with(name: str, data: bytes, **changes: Any) -> Maker:
    """The plain deposit with one table's bytes replaced, and a manifest that says so."""
    return _folder(with_manifest({**_DEPOSIT, name: data}, **changes))


def _declared(**changes: Any) -> Maker:
    """The plain deposit with another manifest."""
    return _folder(with_manifest(_DEPOSIT, **changes))


def _dated(schema_version: str = VERSION_CONTRAT, **starts: str) -> Maker:
    """The plain deposit, whose history begins in 2022 and that of some tables on a day of their own."""
    return _declared(schema_version=schema_version, debut_historique="2022-01-01", debut_historique_par_table=starts)


def _raw_manifest(data: bytes) -> Maker:
    return _folder({**_DEPOSIT, "manifeste.json": data})


def _text(table: str, *rows: Mapping[str, str]) -> str:
    return csv_bytes(table, [{**DEFAULTS[table], **row} for row in rows or ({},)]).decode()


def _tables_in_manifest(content: Mapping[str, bytes], **by_name: Mapping[str, Any] | None) -> Maker:
    """The deposit with the manifest's entry of some tables changed (None: left out)."""
    described = manifest(content)
    described["tables"] = [
        {**entry, **(by_name.get(entry["nom"]) or {})}
        for entry in described["tables"]
        if by_name.get(entry["nom"], {}) is not None
    ]
    return _folder({**content, "manifeste.json": json.dumps(described).encode()})


def _without(table: str, *, declared_empty: bool) -> Maker:
    """The plain deposit without one file, whose table the manifest declares empty or does not mention."""
    content = {name: data for name, data in _DEPOSIT.items() if name != f"{table}.csv"}
    described = manifest(content)
    if declared_empty:
        described["tables"].append({"nom": table, "lignes": 0, "declaree_vide": True})
    return _folder({**content, "manifeste.json": json.dumps(described).encode()})


def _symlink_zip(folder: Path) -> Path:
    path = folder / "depot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("dossier.csv")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    return path


def _nested_zip(folder: Path) -> Path:
    inner = write_zip(folder / "dedans.zip", _DEPOSIT)
    return write_zip(folder / "depot.zip", {"depot.zip": inner.read_bytes()})


def _twice_named(folder: Path) -> Path:
    path = folder / "depot.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dossier.csv", "a")
        archive.filelist.append(archive.filelist[0])
    return path


def _encrypted_zip(folder: Path) -> Path:
    """A ZIP whose directory says that its entries are encrypted."""
    path = write_zip(folder / "depot.zip", _DEPOSIT)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    path.write_bytes(bytes(data))
    return path


def _book(data: bytes, name: str = "dossier.xlsx", **changes: Any) -> Maker:
    """The plain deposit with one table as a workbook, and a manifest that says so."""
    content = {key: value for key, value in _DEPOSIT.items() if key != "dossier.csv"}
    described = manifest({**content}, **changes)
    described["tables"].append({"nom": "dossier", "fichier": name, "lignes": 1})
    return _folder({**content, name: data, "manifeste.json": json.dumps(described).encode()})


def _pseudonyms(*pseudonyms: str, **changes: Any) -> Maker:
    """A dossier for each pseudonym, of the last version of the contract, and a manifest that says `changes`."""
    rows = [
        {"dossier_id": f"D-{at}", "personne_ref": f"P-{at}", "personne_pseudo": one}
        for at, one in enumerate(pseudonyms, 1)
    ]
    return _with("dossier.csv", _text("dossier", *rows).encode(), schema_version=VERSION_CONTRAT, **changes)


def _rows(table: str, *rows: Mapping[str, Cell]) -> list[list[Cell]]:
    """The header and the rows of a table, as cells of a sheet."""
    columns = list(TABLES[table].fields())
    return [[*columns], *([{**DEFAULTS[table], **row}.get(column, "") for column in columns] for row in rows or ({},))]


def _xlsx_with(parts: Mapping[str, bytes]) -> bytes:
    """The workbook of one dossier with further parts, or parts replaced."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes({"dossier": _rows("dossier")}))) as book:
        return zip_bytes({**{name: book.read(name) for name in book.namelist()}, **parts})


def _typed_as(sql: str) -> Maker:
    """The plain deposit with the dossiers as Parquet, one column of which is the SQL given."""

    def make(folder: Path) -> Path:
        values = {name: f"'{DEFAULTS['dossier'].get(name, '')}'" for name in TABLES["dossier"].fields()}
        selected = ", ".join(f"{value} AS {name}" for name, value in {**values, "bureau_id": sql}.items())
        target = folder / "dossier.parquet"
        with duckdb.connect() as engine:
            engine.execute(f"COPY (SELECT {selected}) TO '{target}' (FORMAT parquet)")
        return _book(target.read_bytes(), target.name)(folder)

    return make


def _hours(make: Callable[[Sheets], bytes], hours: Cell) -> Maker:
    """The plain deposit with a workbook of one course, followed for so many hours."""
    sheets = {"inscription": _rows("inscription", {"heures_suivies": hours})}
    return _folder({**{k: v for k, v in _DEPOSIT.items() if k != "inscription.csv"}, "inscription.xlsx": make(sheets)})


def _swapped(text: str) -> bytes:
    """The header and the first row change places, as when a sheet is sorted with its header."""
    header, first, *rest = text.splitlines(keepends=True)
    return "".join([first, header, *rest]).encode()


_DECLARED = [{**entry, "sha256": None} for entry in manifest(_DEPOSIT)["tables"]]  # rows counted by hand: one dossier
_DOSSIER = {"dossier": _rows("dossier")}
_TAR = bytes(257) + b"ustar" + bytes(300)
_HOURS: set[Place] = {("inscription", None, None)}
_TABLE: set[Place] = {("dossier", None, None)}
_UNITS = ";".join(f"({column})" for column in TABLES["dossier"].fields())
_WORDS = ("habite chez sa tante", "ne parle pas", "revient mardi", "attend un enfant")
_FREE = [{"dossier_id": f"D-{n}", "personne_ref": f"P-{n}", "bureau_id": f"{_WORDS[n % 4]} {n}"} for n in range(24)]
_NISS = ("85073003328", "93051822361", "00012556777")  # the check digits of all three were worked out by hand
_PSEUDO: Place = ("dossier", None, "personne_pseudo")
_KEY, _NEXT_KEY = (f"p1.{key}." + "0a" * 32 for key in ("2026-a", "2027-a"))
_AXES: Place = ("operateur", None, "axes")
_HEADER = ";".join(TABLES["dossier"].fields())

FAILING: dict[str, list[tuple[Maker, set[Place]]]] = {
    "DEP-001": [
        (_bytes(b"%PDF-1.7\n\x00\x01"), {NOWHERE}),
        (_bytes(b"\x1f\x8b\x08\x00dossier.csv", "dossier.csv.gz"), {NOWHERE}),
        (_bytes(gzip.compress(_DEPOSIT["dossier.csv"])[:-9], "dossier.csv.gz"), {NOWHERE}),
        (_bytes(b"PK\x03\x04 nothing more"), {NOWHERE}),
        (_bytes(b"nom,prenom\nA,B\n", "liste.csv"), {NOWHERE}),
        (_bytes(b'{"centre_code": "CAI"}', "depot.json"), {NOWHERE}),
    ],
    "DEP-002": [
        (_bytes(b""), {NOWHERE}),
        (_empty_folder, {NOWHERE}),
        (_zip({}), {NOWHERE}),
        (_folder({"Thumbs.db": b"x", ".DS_Store": b"x"}), {NOWHERE}),
    ],
    "DEP-003": [
        (_bytes(b"<!DOCTYPE html><html><title>Connexion</title></html>"), {NOWHERE}),
        (_bytes(b"\xef\xbb\xbf\r\n  <?xml version='1.0'?>\n<html>", "dossier.csv"), {NOWHERE}),
    ],
    "DEP-004": [
        (_zip({"../dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"/dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"C:\\dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"..\\..\\dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"\\\\serveur\\partage\\dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"export\\dossier.csv": b"a", "export/dossier.csv": b"a"}), {NOWHERE}),
        (_zip({f"{number}.csv": b"a" for number in range(201)}), {NOWHERE}),
        (_zip({"dossier.csv": b"0" * 1_000_000}), {NOWHERE}),
        (_symlink_zip, {NOWHERE}),
        (_twice_named, {NOWHERE}),
        (_bytes(gzip.compress(bytes(2_000_000)), "dossier.csv.gz"), {NOWHERE}),
        (
            _book(
                zip_bytes(
                    {
                        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                        "META-INF/manifest.xml": b"<a/>",
                        "content.xml": b'<!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>',
                    }
                ),
                "dossier.ods",
            ),
            {NOWHERE},
        ),
    ],
    "DEP-005": [
        (_with("dossier.csv", _text("dossier").encode() + b"\x00\n"), {("dossier", None, None)}),
        (_with("dossier.csv", b""), {("dossier", None, None)}),
        (_with("dossier.csv", b"\r\n  \n"), {("dossier", None, None)}),
        (_with("dossier.csv", b"<html>connexion</html>"), {("dossier", None, None)}),
        (_with("dossier.csv", b"PK\x03\x04"), {("dossier", None, None)}),
    ],
    "DEP-007": [(_folder(_DEPOSIT), {NOWHERE})],
    "DEP-008": [
        (_encrypted_zip, {NOWHERE}),
        (_book(ole2_bytes({"EncryptionInfo": b"x", "EncryptedPackage": b"x"})), {NOWHERE}),
        (_book(xls_bytes(_DOSSIER, records=[b"\x2f\x00\x06\x00" + bytes(6)]), "dossier.xls"), {NOWHERE}),
        (
            _book(ods_bytes(_DOSSIER, manifest="<manifest:encryption-data/>"), "dossier.ods"),
            {NOWHERE},
        ),
        (_book(b"PARE" + bytes(20) + b"PARE", "dossier.parquet"), _TABLE),
    ],
    "DEP-009": [
        (_book(_xlsx_with({"xl/vbaProject.bin": b"x"}), "dossier.xlsm"), {NOWHERE}),
        (_book(_xlsx_with({"xl/macrosheets/sheet1.xml": b"<a/>"})), {NOWHERE}),
        (_book(_xlsx_with({"xl/activeX/activeX1.xml": b"<a/>"})), {NOWHERE}),
        (_book(xls_bytes(_DOSSIER, streams={"_VBA_PROJECT": b"x"}), "dossier.xls"), {NOWHERE}),
        (_book(ods_bytes(_DOSSIER, parts={"Basic/script-lc.xml": b"<a/>"}), "dossier.ods"), {NOWHERE}),
        (_book(ods_bytes(_DOSSIER, parts={"Scripts/python/a.py": b"1"}), "dossier.ods"), {NOWHERE}),
    ],
    "DEP-010": [
        (_book(_xlsx_with({"xl/externalLinks/externalLink1.xml": b"<a/>"})), {NOWHERE}),
        (_book(_xlsx_with({"xl/connections.xml": b"<a/>"})), {NOWHERE}),
        (
            _book(
                _xlsx_with(
                    {
                        "xl/_rels/autre.xml.rels": b'<Relationships><Relationship Id="r1" Type="urn:image" '
                        b'Target="https://exemple.be/i.png" TargetMode="External"/></Relationships>'
                    }
                )
            ),
            {NOWHERE},
        ),
        (_book(xls_bytes(_DOSSIER, records=[b"\xae\x01\x06\x00\x01\x00\x03\x00\x00a"]), "dossier.xls"), {NOWHERE}),
        (_book(ods_bytes(_DOSSIER, extra="<table:dde-links/>"), "dossier.ods"), {NOWHERE}),
        (
            _book(
                ods_bytes(
                    _DOSSIER,
                    extra='<table:table table:name="b"><table:table-source xlink:href="../b.ods"/></table:table>',
                ),
                "dossier.ods",
            ),
            {NOWHERE},
        ),
    ],
    "DEP-011": [
        (_nested_zip, {NOWHERE}),
        (_folder({**_DEPOSIT, "depot.zip": zip_bytes({"dossier.csv": b"a"})}), {NOWHERE}),
        (_bytes(gzip.compress(zip_bytes({"dossier.csv": b"a"})), "depot.zip.gz"), {NOWHERE}),
        (_bytes(gzip.compress(gzip.compress(b"a")), "dossier.csv.gz.gz"), {NOWHERE}),
        (_bytes(gzip.compress(_TAR), "depot.tar.gz"), {NOWHERE}),
    ],
    "DEP-012": [
        (_bytes(_TAR, "depot.tar"), {NOWHERE}),
        (_bytes(b"Rar!\x1a\x07\x01\x00", "depot.rar"), {NOWHERE}),
        (_bytes(b"7z\xbc\xaf\x27\x1c\x00\x04", "depot.zip"), {NOWHERE}),
        (_zip({"dossier.csv": b"BZh91AY"}), {NOWHERE}),
    ],
    "DEP-013": [
        (_typed_as("['B-1', 'B-2']"), _TABLE),
        (_typed_as("{'bureau': 'B-1'}"), _TABLE),
        (_typed_as("'B-1'::BLOB"), _TABLE),
    ],
    "DEP-014": [
        (_book(xlsx_bytes({"Feuil1": [["bonjour"]], "Feuil2": [["rien"]]})), _TABLE),
        (_book(xlsx_bytes({"Janvier": _rows("dossier"), "Février": _rows("dossier")})), _TABLE),
        (_bytes(xlsx_bytes({"Janvier": _rows("dossier"), "Février": _rows("dossier")}), "export.xlsx"), _TABLE),
        (_bytes(xlsx_bytes({"Feuil1": [["bonjour"]]}), "export.xlsx"), {NOWHERE}),
        (_zip({**_DEPOSIT, "notes.xlsx": xlsx_bytes({"Notes": [["à voir"]]})}), {NOWHERE}),
    ],
    "DEP-015": [
        (
            _bytes(xlsx_bytes({name: [list(table.fields())] for name, table in TABLES.items()}), "gabarit.xlsx"),
            {NOWHERE},
        ),
        (_folder(files({"dossier": []})), {NOWHERE}),
        (_zip(files({"dossier": []})), {NOWHERE}),
    ],
    "DEP-016": [
        (
            _folder({f"{name}/{each}": data for name in "ab" for each, data in with_manifest(_DEPOSIT).items()}),
            {NOWHERE},
        ),
        (_zip({**with_manifest(_DEPOSIT), "avant/Manifeste.JSON": b"{}"}), {NOWHERE}),
    ],
    "DEP-017": [
        (_book(xlsx_bytes({"dossier": _rows("dossier"), "Notes": [["à voir"]]})), {NOWHERE}),
        (_book(xlsx_bytes({"dossier": _rows("dossier"), "convention": _rows("convention")[:1]})), {NOWHERE}),
        (_book(ods_bytes({"Tableau croisé": [["à voir"]], "dossier": _rows("dossier")}), "dossier.ods"), {NOWHERE}),
    ],
    "DEP-018": [
        (_folder({**_DEPOSIT, "copie/dossier.csv": _DEPOSIT["dossier.csv"]}), {("dossier", None, None)}),
        (_zip({**_DEPOSIT, "zz.xlsx": xlsx_bytes(_DOSSIER)}), {("dossier", None, None)}),
        (
            _folder(
                {
                    "a.xlsx": xlsx_bytes(_DOSSIER),
                    "b.xlsx": xlsx_bytes({"dossier": _rows("dossier"), "convention": _rows("convention")}),
                }
            ),
            {("dossier", None, None)},
        ),
        (_book(xlsx_bytes({"dossier": _rows("dossier"), "dossier 2026": _rows("dossier")})), _TABLE),
        (_book(ods_bytes({"suite": _rows("dossier"), "T01": _rows("dossier")}), "dossier.ods"), _TABLE),
        (_bytes(xlsx_bytes({"dossier": _rows("dossier"), "T01": _rows("dossier")}), "export.xlsx"), _TABLE),
        (
            _book(xlsx_bytes({"dossier": _rows("dossier"), "convention": _rows("convention")})),
            {("convention", None, None)},
        ),
    ],
    "DEP-019": [
        (_folder({**_DEPOSIT, "notes.txt": b"a"}), {NOWHERE}),
        (_folder({**_DEPOSIT, "photo.png": b"\x89PNG\r\n\x1a\n\x00\x00"}), {NOWHERE}),
        (_zip({**_DEPOSIT, "statistiques.csv": b"mois;total\n2026-07;12\n"}), {NOWHERE}),
    ],
    "DEP-020": [
        (
            _book(
                ods_bytes(
                    {},
                    extra=(
                        '<table:table table:name="dossier"><table:table-row table:number-rows-repeated="1048576">'
                        '<table:table-cell office:value-type="string" table:number-columns-repeated="1024">'
                        "<text:p>a</text:p></table:table-cell></table:table-row></table:table>"
                    ),
                ),
                "dossier.ods",
            ),
            {NOWHERE},
        ),
    ],
    "QUA-001": [
        (
            _with(
                "stat_locale.csv",
                _text(
                    "stat_locale", *({"periode": str(1900 + n), "valeur": "x" if n < 3 else "1"} for n in range(100))
                ).encode(),
            ),
            {("stat_locale", None, None)},
        ),
    ],
    "V01": [
        (_raw_manifest(b"{"), {NOWHERE}),
        (_raw_manifest(b"[" * 100_000), {NOWHERE}),
        (_raw_manifest(b"\xff\xfe\xfa"), {NOWHERE}),
        (_declared(sequence=0), {NOWHERE}),
        (_declared(commentaire="bonjour"), {NOWHERE}),
        (_declared(schema_version="2.0.0"), {NOWHERE}),
        (_declared(schema_version="1.2.0"), {NOWHERE}),
        (_dated(test_langue="2024-01-01", schema_version="1.0.0"), {NOWHERE}),
        (_dated(dossier="2024-01-01"), {NOWHERE}),
        (_dated(personnes="2024-01-01"), {NOWHERE}),
        (_dated(test_langue="2021-12-31"), {NOWHERE}),
        (_dated(test_langue="2026-10-01"), {NOWHERE}),
        (_tables_in_manifest(_DEPOSIT, dossier={"nom": "personnes"}), {NOWHERE}),
        (_tables_in_manifest(_DEPOSIT, dossier={"nom": "convention"}), {NOWHERE}),
        (_tables_in_manifest(_DEPOSIT, dossier={"fichier": None}), {NOWHERE}),
    ],
    "V02": [
        (_tables_in_manifest(_DEPOSIT, dossier={"sha256": "0" * 64}), {("dossier", None, None)}),
        (_tables_in_manifest(_DEPOSIT, dossier={"lignes": 2}), {("dossier", None, None)}),
        (_tables_in_manifest(_DEPOSIT, dossier={"fichier": "autre.csv"}), {("dossier", None, None), NOWHERE}),
        (_tables_in_manifest(_DEPOSIT, dossier={"declaree_vide": True, "lignes": 0}), {("dossier", None, None)}),
        (_folder({**with_manifest(_DEPOSIT), "notes.txt": b"a"}), {NOWHERE}),
    ],
    "V02-P": [
        (_pseudonyms(_KEY), {_PSEUDO}),
        (_pseudonyms(_KEY, methode_pseudo="P0", version_cle="2026-a"), {_PSEUDO}),
        (_pseudonyms("", _KEY, methode_pseudo="P2"), {_PSEUDO}),
    ],
    "V02-K": [
        (_pseudonyms(_KEY, methode_pseudo="P1", version_cle="2027-a"), {_PSEUDO}),
        (_pseudonyms(_KEY, _NEXT_KEY, methode_pseudo="P1", version_cle="2027-a"), {_PSEUDO}),
        (_pseudonyms(_KEY, methode_pseudo="P1"), {_PSEUDO}),
    ],
    "V03": [(_declared(centre_code="CRIC"), {NOWHERE})],
    "V04": [
        (_declared(periode_fin="2026-09-29"), {NOWHERE}),
        (_declared(periode_debut="2026-10-01", periode_fin="2026-12-31", date_etat="2026-12-31"), {NOWHERE}),
        (_declared(periode_debut="2026-04-01", periode_fin="2026-06-30"), {NOWHERE}),
        (_declared(date_etat="2026-09-29"), {NOWHERE}),
        (_declared(date_etat="2026-10-13"), {NOWHERE}),
    ],
    "V05": [
        (_without("attestation", declared_empty=False), {("attestation", None, None)}),
        (_folder({name: data for name, data in _DEPOSIT.items() if name != "dossier.csv"}), {("dossier", None, None)}),
    ],
    "V06": [
        (_with("dossier.csv", _text("dossier").replace("mena", "couleur", 1).encode()), {("dossier", None, None)}),
        (_with("dossier.csv", _text("dossier").replace("\n", ";;\n", 1).replace("\n", ";x\n").encode()), _TABLE),
        (
            _with(
                "dossier.csv",
                _text("dossier").replace("\n", ";\n", 1).replace("D-1;", '"D-1";').replace("\n", ";x\n").encode(),
            ),
            _TABLE,
        ),
        (_with("dossier.csv", ("remarque;;" + _text("dossier").replace("\nD-1", "\nx;;D-1")).encode()), _TABLE),
        (_with("dossier.csv", _text("dossier").replace("bureau_id", "sexe", 1).encode()), {("dossier", None, None)}),
    ],
    "V06-L": [
        (_with("dossier.csv", _swapped(_text("dossier"))), {("dossier", 1, None)}),
        (_book(xlsx_bytes({"dossier": _rows("dossier")[::-1]})), {("dossier", 1, None)}),
    ],
    "V06-P": [
        (_with("dossier.csv", _text("dossier").replace("mena", title, 1).encode()), _TABLE)
        for title in ("nom", "Prénom", "ADRESSE", "Rue et n°", "e-mail", "Téléphone", "N° registre national", "NISS")
    ],
    "V06-M": [
        (
            _with("dossier.csv", _text("dossier").replace("bureau_id", "bureau", 1).encode()),
            {("dossier", None, "bureau_id")},
        ),
    ],
    "V06-N": [
        (_with("dossier.csv", (_text("dossier") + "D-2;P-2\n").encode()), {("dossier", 3, None)}),
        (_with("dossier.csv", (_text("dossier") + '"D-2;P-2\n').encode()), {("dossier", 3, None)}),
        (
            _with("dossier.csv", f"\n{_HEADER}\n\n;x\n{_text('dossier').splitlines()[1]}\n".encode()),
            {("dossier", 4, None)},
        ),
        (
            _with("dossier.csv", f"{_HEADER};;\n{_text('dossier').splitlines()[1]}\nD-2;P-2;;\n".encode()),
            {("dossier", 3, None)},
        ),
    ],
    "V10": [
        (
            _with(
                "dossier.csv", _text("dossier", *({"dossier_id": f"D-{n}", "personne_ref": n} for n in _NISS)).encode()
            ),
            {("dossier", None, "personne_ref")},
        ),
    ],
    "V11": [
        (
            _with("test_langue.csv", _text("test_langue", {"instrument": "a.b@centre.be"}).encode()),
            {("test_langue", None, "instrument")},
        ),
        (
            _with("dossier.csv", _text("dossier", {"bureau_id": "081/22.33.44"}).encode()),
            {("dossier", None, "bureau_id")},
        ),
        (
            _with("dossier.csv", _text("dossier", {"motif_sejour": "+32 470 12 34 56"}).encode()),
            {("dossier", None, "motif_sejour")},
        ),
        (
            _with("inscription.csv", _text("inscription", {"operateur_id": "BE68539007547034"}).encode()),
            {("inscription", None, "operateur_id")},
        ),
        (
            _with(
                "inscription.csv",
                _text(
                    "inscription", *({"inscription_id": f"I-{n}", "operateur_id": f"047012345{n}"} for n in (4, 5, 6))
                ).encode(),
            ),
            {("inscription", None, "operateur_id")},
        ),
    ],
    "V12": [
        (
            _with("dossier.csv", _text("dossier", {"bureau_id": "habite chez sa tante a Namur, " * 3}).encode()),
            {("dossier", None, "bureau_id")},
        ),
        (_with("dossier.csv", _text("dossier", *_FREE).encode()), {("dossier", None, "bureau_id")}),
    ],
    "V13": [
        (
            _with("dossier.csv", _text("dossier", {"annee_naissance": "1990-05-14"}).encode()),
            {("dossier", None, "annee_naissance")},
        ),
        (
            _with("dossier.csv", _text("dossier", {"annee_naissance": "14/05/90"}).encode()),
            {("dossier", None, "annee_naissance")},
        ),
        (
            _with(
                "dossier.csv",
                _text(
                    "dossier",
                    *(
                        {"dossier_id": f"D-{n}", "personne_ref": f"P-{n}", "date_premier_contact": f"19{n}-02-03"}
                        for n in (61, 72, 85)
                    ),
                ).encode(),
            ),
            {("dossier", None, "date_premier_contact")},
        ),
        (
            _with(
                "dossier.csv",
                _text(
                    "dossier",
                    *(
                        {
                            "dossier_id": f"D-{n}",
                            "personne_ref": f"P-{n}",
                            "annee_naissance": f"{n}",
                            "date_premier_contact": f"{n}-02-03",
                        }
                        for n in (1991, 1994, 2001)
                    ),
                ).encode(),
            ),
            {("dossier", None, "date_premier_contact")},
        ),
    ],
    "V13-T": [
        (_with("dossier.csv", _text("dossier").replace("annee_naissance", title, 1).encode()), _TABLE)
        for title in ("date_naissance", "Date de naissance", "DDN")
    ],
    "TOL-001": [
        (
            _with("test_langue.csv", _text("test_langue", {"instrument": "évaluation"}).encode("cp1252")),
            {("test_langue", None, None)},
        )
    ],
    "TOL-002": [
        (
            _with("dossier.csv", _text("dossier").replace("date_cloture", " Date Clôture ", 1).encode()),
            {("dossier", None, None)},
        ),
        (
            _with("dossier.csv", _text("dossier").replace(_HEADER, _HEADER.upper(), 1).encode()),
            {("dossier", None, None)},
        ),
    ],
    "TOL-003": [
        (
            _with("etape_accueil.csv", _text("etape_accueil", {"date": "03/02/2026"}).encode()),
            {("etape_accueil", None, "date")},
        )
    ],
    "TOL-004": [
        (
            _with("inscription.csv", _text("inscription", {"heures_suivies": "12,5"}).encode()),
            {("inscription", None, "heures_suivies")},
        )
    ],
    "TOL-005": [
        (
            _with("etape_accueil.csv", _text("etape_accueil", {"interprete": "N"}).encode()),
            {("etape_accueil", None, "interprete")},
        ),
        (
            _with("etape_accueil.csv", _text("etape_accueil", {"interprete": "Non"}).encode()),
            {("etape_accueil", None, "interprete")},
        ),
    ],
    "TOL-006": [
        (
            _with("dossier.csv", _text("dossier", {"sexe": " F\u00a0", "bureau_id": "  "}).encode()),
            {("dossier", None, "sexe"), ("dossier", None, "bureau_id")},
        ),
    ],
    "TOL-007": [
        (_with("dossier.csv", _text("dossier").encode("utf-8-sig")), {("dossier", None, None)}),
        (_with("dossier.csv", _text("dossier").encode("utf-16")), {("dossier", None, None)}),
    ],
    "TOL-020": [
        (
            _with("flux_commune.csv", _text("flux_commune", {"mois": "2026-07-01"}).encode()),
            {("flux_commune", None, "mois")},
        ),
        (
            _with("flux_commune.csv", _text("flux_commune", {"mois": "07/2026"}).encode()),
            {("flux_commune", None, "mois")},
        ),
    ],
    "TOL-021": [
        (_with("operateur.csv", _text("operateur", {"axes": f"FLE{sign}ISP"}).encode()), {_AXES})
        for sign in (",", "|", " | ", ", ")
    ],
    "TOL-008": [
        (
            _with("stat_locale.csv", _text("stat_locale", {"valeur": "110\u202f632"}).encode()),
            {("stat_locale", None, "valeur")},
        ),
        (
            _with("convention.csv", _text("convention", {"heures_fle_prescrites": "1 200,5"}).encode()),
            {("convention", None, "heures_fle_prescrites")},
        ),
    ],
    "TOL-009": [
        (
            _with("etape_accueil.csv", _text("etape_accueil", {"date": "46056"}).encode()),
            {("etape_accueil", None, "date")},
        )
    ],
    "TOL-010": [
        (_with("dossier.csv", _text("dossier").encode("utf-16-le"), tables=_DECLARED), _TABLE),
        (_with("dossier.csv", _text("dossier").encode("utf-16-be"), tables=_DECLARED), _TABLE),
    ],
    "TOL-011": [
        (
            _with(
                "dossier.csv", f"Export du 30/09/2026;;\n\nCentre;CAI\n{_text('dossier')}".encode(), tables=_DECLARED
            ),
            _TABLE,
        ),
        (_book(xlsx_bytes({"dossier": [["Dossiers au 30 septembre"], [], *_rows("dossier")]})), _TABLE),
        (_with("dossier.csv", f"{_UNITS}\n{_text('dossier')}".encode(), tables=_DECLARED), _TABLE),
    ],
    "TOL-012": [
        (_with("dossier.csv", f"{_text('dossier')}Total;1\n".encode(), tables=_DECLARED), _TABLE),
        (_with("dossier.csv", f"{_text('dossier')}Sous-total : 1\n\n(1 row)\n".encode(), tables=_DECLARED), _TABLE),
        (_with("dossier.csv", f"{_text('dossier')}\nTOTAL GÉNÉRAL;1;\n".encode("utf-16"), tables=_DECLARED), _TABLE),
        (_book(xlsx_bytes({"dossier": [*_rows("dossier"), [], ["Nombre de dossiers", 1]]})), _TABLE),
    ],
    "TOL-023": [
        (
            _with("transfert.csv", _text("transfert", {"centre_contrepartie": "Cric"}).encode()),
            {("transfert", None, "centre_contrepartie")},
        )
    ],
    "TOL-017": [(_hours(xlsx_bytes, 37 / 3), _HOURS), (_hours(ods_bytes, 12.0049999), _HOURS)],
    "TOL-018": [(_hours(xlsx_bytes, timedelta(hours=37, minutes=20)), _HOURS)],
    "TOL-019": [
        (_book(make({"dossier": _rows("dossier", {"date_titre": datetime(2026, 2, 3, 8, 30)})})), _TABLE)
        for make in (xlsx_bytes, ods_bytes)
    ],
    "TOL-014": [
        (
            _with("dossier.csv", _text("dossier", {"date_titre": "2026-02-03 00:00:00"}).encode()),
            {("dossier", None, "date_titre")},
        ),
        (
            _with("dossier.csv", _text("dossier", {"date_titre": "03/02/2026 0:00"}).encode()),
            {("dossier", None, "date_titre")},
        ),
    ],
    "TOL-015": [
        (
            _with("dossier.csv", _text("dossier", {"annee_naissance": "1990.0"}).encode()),
            {("dossier", None, "annee_naissance")},
        ),
    ],
    "TOL-016": [
        (_with("dossier.csv", _text("dossier", {"bureau_id": each}).encode()), {("dossier", None, "bureau_id")})
        for each in ("NULL", "(null)", "\\N")
    ],
    "TOL-013": [
        (_with("dossier.csv", _text("dossier").replace("\n", f"\n{_UNITS}\n", 1).encode(), tables=_DECLARED), _TABLE),
        (_book(xlsx_bytes({"dossier": [_rows("dossier")[0], ["(code)", "texte"], *_rows("dossier")[1:]]})), _TABLE),
    ],
}

PASSING: dict[str, list[Maker]] = {
    "DEP-001": [
        _zip(with_manifest(_DEPOSIT)),
        _zip({f"export/{name}": data for name, data in with_manifest(_DEPOSIT).items()}),
    ],
    "DEP-002": [_declared()],
    "DEP-003": [_declared()],
    "DEP-004": [
        _zip(with_manifest(_DEPOSIT)),
        _zip({**with_manifest(_DEPOSIT), "__MACOSX/._dossier.csv": b"x"}),
        _zip({f"export\\{name}": data for name, data in with_manifest(_DEPOSIT).items()}),
    ],
    "DEP-005": [_with("dossier.csv", b"\n\n" + _text("dossier").encode() + b"\n")],
    "DEP-007": [_declared()],
    "DEP-008": [_book(xlsx_bytes(_DOSSIER)), _book(xls_bytes(_DOSSIER), "dossier.xls")],
    "DEP-009": [_book(xlsx_bytes(_DOSSIER)), _book(ods_bytes(_DOSSIER), "dossier.ods")],
    "DEP-010": [
        _book(_xlsx_with({"xl/hyperliens.xml.rels": b'<Relationship Type="x/hyperlink" TargetMode="External"/>'})),
        _book(xls_bytes(_DOSSIER, records=[b"\xae\x01\x04\x00\x01\x00\x01\x04"]), "dossier.xls"),
    ],
    "DEP-011": [
        _zip({**_DEPOSIT, "dossier.csv.gz": gzip.compress(_DEPOSIT["dossier.csv"])}),
        _zip({"dossier.xlsx": xlsx_bytes(_DOSSIER)}),
    ],
    "DEP-012": [_zip(_DEPOSIT)],
    "DEP-013": [_typed_as("'B-1'"), _typed_as("12::BIGINT")],
    "DEP-014": [
        _book(xlsx_bytes({"Feuil1": _rows("dossier")})),
        _book(xlsx_bytes({"Feuil1": [["bonjour"]], "Feuil2": _rows("dossier")})),
        _bytes(xlsx_bytes({"Dossiers": _rows("dossier"), "Conventions": _rows("convention")}), "depot.xlsx"),
        _bytes(xlsx_bytes({"T01": _rows("dossier"), "T04": _rows("convention")}), "depot.xlsx"),
        _bytes(ods_bytes({"Feuille1": _rows("dossier")}), "export.ods"),
        _book(xlsx_bytes({"T01": _rows("dossier"), "autre": _rows("dossier")})),
    ],
    "DEP-015": [
        _folder(with_manifest(files({"dossier": []}))),
        _folder(files({"dossier": [{}]})),
        _folder({**files({"dossier": []}), "dossier.csv": b"\x00"}),
    ],
    "DEP-016": [_zip(with_manifest(_DEPOSIT))],
    "DEP-017": [
        _book(xlsx_bytes({"dossier": _rows("dossier"), "Feuil2": []})),
        _book(xlsx_bytes({"Lisez-moi": [["Gabarit"]], "dossier": _rows("dossier"), "codes": [["liste"]]})),
        _book(xlsx_bytes({"Constats (2)": [["Gravité"]], "Export 2026": _rows("dossier")})),
    ],
    "DEP-018": [
        _folder(_DEPOSIT),
        _folder({"dossier.csv": _DEPOSIT["dossier.csv"], "b.xlsx": xlsx_bytes({"convention": _rows("convention")})}),
        _book(xlsx_bytes({"dossier": _rows("dossier"), "dossier (2)": _rows("dossier")[:1], "T01": []})),
        _book(xlsx_bytes({"dossier": _rows("dossier"), "Stock": [["type", "nombre"], ["A", 3]]})),
    ],
    "DEP-019": [_folder({"export_du_3_octobre.csv": _DEPOSIT["dossier.csv"]}), _zip({**_DEPOSIT, "Thumbs.db": b"x"})],
    "DEP-020": [
        _book(
            ods_bytes(
                _DOSSIER,
                extra=(
                    '<table:table table:name="codes"><table:table-row table:number-rows-repeated="1048576">'
                    '<table:table-cell table:number-columns-repeated="1024"/></table:table-row></table:table>'
                ),
            ),
            "dossier.ods",
        ),
    ],
    "QUA-001": [
        _with(
            "stat_locale.csv",
            _text(
                "stat_locale", *({"periode": str(1900 + n), "valeur": "x" if n < 2 else "1"} for n in range(100))
            ).encode(),
        )
    ],
    "V01": [
        _declared(schema_version="1.0.7"),
        _dated(test_langue="2022-01-01", partenariat="2026-09-30"),
        _raw_manifest(b"\xef\xbb\xbf" + json.dumps(manifest(_DEPOSIT)).encode()),
    ],
    "V02": [_tables_in_manifest(_DEPOSIT, dossier={"sha256": None})],
    "V02-P": [
        _pseudonyms(""),
        _pseudonyms(_KEY, methode_pseudo="P1", version_cle="2026-a"),
        _folder({**_DEPOSIT, "dossier.csv": _text("dossier", {"personne_pseudo": _KEY}).encode()}),
    ],
    "V02-K": [
        _pseudonyms(_KEY, "", methode_pseudo="P1", version_cle="2026-a"),
        _pseudonyms("", methode_pseudo="P1", version_cle="2026-a"),
        _pseudonyms(_KEY),
    ],
    "V03": [_declared()],
    "V04": [_declared(date_etat="2026-10-12")],
    "V05": [_without("transfert", declared_empty=True), _folder(_DEPOSIT)],
    "V06": [
        _with(
            "dossier.csv", csv_bytes("dossier", [DEFAULTS["dossier"]], columns=list(TABLES["dossier"].fields())[::-1])
        ),
        _with("dossier.csv", _text("dossier").replace("\n", ";; \n").encode()),
        _with("dossier.csv", _text("dossier").replace("\n", ";;\n").replace("D-1;", '"D-1";').encode()),
    ],
    "V06-L": [_with("dossier.csv", f"Export\n{_text('dossier')}".encode())],
    "V06-P": [_with("dossier.csv", _text("dossier").replace("mena", "couleur", 1).encode())],
    "V06-M": [
        _with("dossier.csv", csv_bytes("dossier", [DEFAULTS["dossier"]], columns=sorted(TABLES["dossier"].fields())))
    ],
    "V06-N": [
        _with("dossier.csv", (_text("dossier") + ";;;\n\n").encode()),
        _with("dossier.csv", _text("dossier").replace("D-1;", '"D-1";', 1).encode()),
        _with("dossier.csv", f"{_HEADER}\n{_text('dossier').splitlines()[1]}; ;\n".encode()),
        _with("dossier.csv", f"{_HEADER}\n{_text('dossier').splitlines()[1]};\n".replace("D-1;", '"D-1";').encode()),
    ],
    "V10": [
        _with(
            "dossier.csv", _text("dossier", *({"dossier_id": f"D-{n}", "personne_ref": n} for n in _NISS[:2])).encode()
        )
    ],
    "V11": [
        _with(
            "inscription.csv",
            _text(
                "inscription",
                *(
                    {"inscription_id": f"I-{n}", "operateur_id": bce}
                    for n, bce in enumerate(("0400000086", "0470123465", "2026001234"))
                ),
            ).encode(),
        )
    ],
    "V12": [
        _with("dossier.csv", _text("dossier", {"personne_ref": "a" * 64}).encode()),
        _with("dossier.csv", _text("dossier", *({**row, "bureau_id": "Bureau 1"} for row in _FREE)).encode()),
        _with("dossier.csv", _text("dossier", *_FREE[:19]).encode()),
    ],
    "V13": [
        _with("dossier.csv", _text("dossier", {"annee_naissance": "90"}).encode()),
        _with(
            "dossier.csv",
            _text(
                "dossier",
                *(
                    {"dossier_id": f"D-{n}", "personne_ref": f"P-{n}", "date_premier_contact": f"19{n}-02-03"}
                    for n in (61, 72)
                ),
            ).encode(),
        ),
    ],
    "V13-T": [_with("dossier.csv", _text("dossier").replace("annee_naissance", "Année naissance", 1).encode())],
    "TOL-001": [_declared()],
    "TOL-002": [_declared()],
    "TOL-003": [_declared()],
    "TOL-004": [_with("inscription.csv", _text("inscription", {"heures_suivies": "12.5"}).encode())],
    "TOL-005": [_with("etape_accueil.csv", _text("etape_accueil", {"interprete": "false"}).encode())],
    "TOL-006": [_declared()],
    "TOL-007": [_declared()],
    "TOL-020": [_with("flux_commune.csv", _text("flux_commune").encode())],
    "TOL-021": [_with("operateur.csv", _text("operateur", {"axes": "ISP  FLE"}).encode())],
    "TOL-008": [_with("stat_locale.csv", _text("stat_locale", {"valeur": "110632"}).encode())],
    "TOL-009": [_with("etape_accueil.csv", _text("etape_accueil", {"date": "2026-02-03"}).encode())],
    "TOL-010": [_with("dossier.csv", _text("dossier").encode("utf-16"), tables=_DECLARED)],
    "TOL-011": [_with("dossier.csv", f"\n\n{_text('dossier')}".encode())],
    "TOL-012": [_with("dossier.csv", _text("dossier", {"dossier_id": "Total"}).encode())],
    "TOL-023": [
        _with("transfert.csv", _text("transfert", {"centre_contrepartie": "CRIC"}).encode()),
        _with("transfert.csv", _text("transfert", {"centre_contrepartie": "Cricq"}).encode()),
    ],
    "TOL-017": [_hours(xlsx_bytes, 12.25), _hours(xlsx_bytes, 12.125), _hours(xlsx_bytes, "12.3333")],
    "TOL-018": [_hours(xlsx_bytes, 12.5), _hours(xlsx_bytes, "12:30")],
    "TOL-019": [
        _book(xlsx_bytes({"dossier": _rows("dossier", {"date_titre": datetime(2026, 2, 3)})})),
        _book(xlsx_bytes({"dossier": _rows("dossier", {"date_titre": "2026-02-03 08:30"})})),
    ],
    "TOL-014": [
        _with("dossier.csv", _text("dossier", {"date_titre": "2026-02-03"}).encode()),
        _with("dossier.csv", _text("dossier", {"date_titre": "2026-02-03 08:30:00"}).encode()),
    ],
    "TOL-015": [_with("dossier.csv", _text("dossier", {"annee_naissance": "1990"}).encode())],
    "TOL-016": [
        _with("dossier.csv", _text("dossier", {"bureau_id": "null"}, {"dossier_id": "D-2", "bureau_id": " "}).encode())
    ],
    "TOL-013": [_with("dossier.csv", _text("dossier").encode())],
}
