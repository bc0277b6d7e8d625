"""Deposits that break a rule on containers, manifests, files and columns, and deposits that just keep it.

Each maker writes one package in a folder and returns its path; `FAILING` and `PASSING` are by finding code.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from schemas.extracts import TABLES
from tests.packages import DEFAULTS, csv_bytes, files, manifest, with_manifest, write_folder, write_zip

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


_NISS = ("85073003328", "93051822361", "00012556777")  # the check digits of all three were worked out by hand
_AXES: Place = ("operateur", None, "axes")
_HEADER = ";".join(TABLES["dossier"].fields())

FAILING: dict[str, list[tuple[Maker, set[Place]]]] = {
    "DEP-001": [
        (_bytes(b"%PDF-1.7\n\x00\x01"), {NOWHERE}),
        (_bytes(b"\x1f\x8b\x08\x00dossier.csv", "dossier.csv.gz"), {NOWHERE}),
        (_bytes(b"PK\x03\x04 nothing more"), {NOWHERE}),
        (_bytes(b"nom,prenom\nA,B\n", "liste.csv"), {NOWHERE}),
        (_bytes(b'{"centre_code": "CAI"}', "depot.json"), {NOWHERE}),
        (_zip({}), {NOWHERE}),
    ],
    "DEP-002": [(_bytes(b""), {NOWHERE})],
    "DEP-003": [
        (_bytes(b"<!DOCTYPE html><html><title>Connexion</title></html>"), {NOWHERE}),
        (_bytes(b"\xef\xbb\xbf\r\n  <?xml version='1.0'?>\n<html>", "dossier.csv"), {NOWHERE}),
    ],
    "DEP-004": [
        (_zip({"../dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"/dossier.csv": b"a"}), {NOWHERE}),
        (_zip({"C:\\dossier.csv": b"a"}), {NOWHERE}),
        (_zip({f"{number}.csv": b"a" for number in range(201)}), {NOWHERE}),
        (_zip({"dossier.csv": b"0" * 1_000_000}), {NOWHERE}),
        (_symlink_zip, {NOWHERE}),
        (_nested_zip, {NOWHERE}),
        (_twice_named, {NOWHERE}),
        (_encrypted_zip, {NOWHERE}),
    ],
    "DEP-005": [
        (_with("dossier.csv", _text("dossier").encode() + b"\x00\n"), {("dossier", None, None)}),
        (_with("dossier.csv", b""), {("dossier", None, None)}),
        (_with("dossier.csv", b"\r\n  \n"), {("dossier", None, None)}),
        (_with("dossier.csv", b"<html>connexion</html>"), {("dossier", None, None)}),
        (_with("dossier.csv", b"PK\x03\x04"), {("dossier", None, None)}),
        (_folder({**_DEPOSIT, "notes.txt": b"a"}), {NOWHERE}),
    ],
    "DEP-007": [(_folder(_DEPOSIT), {NOWHERE})],
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
        (_with("dossier.csv", _text("dossier").replace("mena", "prenom", 1).encode()), {("dossier", None, None)}),
        (_with("dossier.csv", _text("dossier").replace("\n", ";\n").encode()), {("dossier", None, None)}),
        (_with("dossier.csv", _text("dossier").replace("bureau_id", "sexe", 1).encode()), {("dossier", None, None)}),
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
}

PASSING: dict[str, list[Maker]] = {
    "DEP-001": [
        _zip(with_manifest(_DEPOSIT)),
        _zip({f"export/{name}": data for name, data in with_manifest(_DEPOSIT).items()}),
    ],
    "DEP-002": [_declared()],
    "DEP-003": [_declared()],
    "DEP-004": [_zip(with_manifest(_DEPOSIT)), _zip({**with_manifest(_DEPOSIT), "__MACOSX/._dossier.csv": b"x"})],
    "DEP-005": [_with("dossier.csv", b"\n\n" + _text("dossier").encode() + b"\n")],
    "DEP-007": [_declared()],
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
        _raw_manifest(b"\xef\xbb\xbf" + json.dumps(manifest(_DEPOSIT)).encode()),
    ],
    "V02": [_tables_in_manifest(_DEPOSIT, dossier={"sha256": None})],
    "V03": [_declared()],
    "V04": [_declared(date_etat="2026-10-12")],
    "V05": [_without("transfert", declared_empty=True), _folder(_DEPOSIT)],
    "V06": [
        _with(
            "dossier.csv", csv_bytes("dossier", [DEFAULTS["dossier"]], columns=list(TABLES["dossier"].fields())[::-1])
        )
    ],
    "V06-M": [
        _with("dossier.csv", csv_bytes("dossier", [DEFAULTS["dossier"]], columns=sorted(TABLES["dossier"].fields())))
    ],
    "V06-N": [
        _with("dossier.csv", (_text("dossier") + ";;;\n\n").encode()),
        _with("dossier.csv", _text("dossier").replace("D-1;", '"D-1";', 1).encode()),
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
    "TOL-001": [_declared()],
    "TOL-002": [_declared()],
    "TOL-003": [_declared()],
    "TOL-004": [_with("inscription.csv", _text("inscription", {"heures_suivies": "12.5"}).encode())],
    "TOL-005": [_with("etape_accueil.csv", _text("etape_accueil", {"interprete": "false"}).encode())],
    "TOL-006": [_declared()],
    "TOL-007": [_declared()],
    "TOL-020": [_with("flux_commune.csv", _text("flux_commune").encode())],
    "TOL-021": [_with("operateur.csv", _text("operateur", {"axes": "ISP  FLE"}).encode())],
}
