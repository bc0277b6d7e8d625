"""The registry of centres' endpoints: what is wrong is refused by name, secrets are never shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from intercentre.core.hub import Hub
from intercentre.core.settings import SettingsError
from intercentre.intake import Endpoint, read_endpoints

ADDRESS = "https://cai.example/{periode}.zip"


def _write(hub: Hub, text: str) -> None:
    hub.home.root.mkdir(parents=True, exist_ok=True)
    (hub.home.root / "centres.toml").write_text(text, encoding="utf-8")


def test_no_file_is_no_endpoint(hub: Hub) -> None:
    assert read_endpoints(hub) == {}


def test_entries(hub: Hub, make_hub: Callable[..., Hub], tmp_path: Path) -> None:
    text = (
        f'[centres.CRIC]\nurl = "http://cric.example:8443/e?p={{periode}}"\njeton_fichier = "/secrets/cric"\n'
        f'[centres.CAI]\nurl = "{ADDRESS}"\n'
    )
    _write(hub, text)
    expected = {
        "CAI": Endpoint("CAI", ADDRESS, "INTERCENTRE_JETON_CAI", ""),
        "CRIC": Endpoint("CRIC", "http://cric.example:8443/e?p={periode}", "INTERCENTRE_JETON_CRIC", "/secrets/cric"),
    }
    assert read_endpoints(hub) == expected
    (tmp_path / "ailleurs.toml").write_text(text)
    assert read_endpoints(make_hub("autre", centres=str(tmp_path / "ailleurs.toml"))) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[centres", "centres.toml"),
        ("centres = 3", "centres.toml"),
        ("autre = 1", "centres.toml"),
        ('centres.CAI = "x"', "CAI"),
        (f'[centres.CAX]\nurl = "{ADDRESS}"', "CAX"),
        (f'[centres.CAI]\nurl = "{ADDRESS}"\njetton = "a"', "jetton"),
        ('[centres.CAI]\njeton_variable = "X"', "CAI"),
        ("[centres.CAI]\nurl = 3", "CAI"),
        ('[centres.CAI]\nurl = "https://cai.example/export.zip"', "periode"),
        ('[centres.CAI]\nurl = "https://{periode}.example/"', "periode"),
        ('[centres.CAI]\nurl = "file:///etc/{periode}"', "CAI"),
        ('[centres.CAI]\nurl = "https:///{periode}"', "CAI"),
        ('[centres.CAI]\nurl = "https://a:99999/{periode}"', "CAI"),
        ('[centres.CAI]\nurl = "https://[::1/{periode}"', "CAI"),
        ('[centres.CAI]\nurl = "https://hub:secret@a/{periode}"', "compte"),
        ('[centres.CAI]\nurl = "https://a/{periode} x"', "espace"),
        ('[centres.CAI]\nurl = "https://a/{periode}\\r\\nX: 1"', "CAI"),
    ],
)
def test_wrong_entry_is_refused_by_name(hub: Hub, text: str, named: str) -> None:
    _write(hub, text)
    with pytest.raises(SettingsError, match=named) as caught:
        read_endpoints(hub)
    assert "secret" not in str(caught.value)


def test_token_comes_from_the_file_then_the_variable(tmp_path: Path) -> None:
    endpoint = Endpoint("CAI", ADDRESS, "INTERCENTRE_JETON_CAI", str(tmp_path / "jeton"))
    assert endpoint.token({"INTERCENTRE_JETON_CAI": "de-la-variable\n"}) == "de-la-variable"
    (tmp_path / "jeton").write_text("du-fichier\r\n")
    assert endpoint.token({"INTERCENTRE_JETON_CAI": "de-la-variable"}) == "du-fichier"


@pytest.mark.parametrize("token", ["", " \n", "a\r\nX-Injecte: 1", "a b", "jeton-é", "x" * 5000])
def test_token_that_cannot_be_sent_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(SettingsError, match=r"CAI.*INTERCENTRE_JETON_CAI") as caught:
        Endpoint("CAI", ADDRESS, "INTERCENTRE_JETON_CAI").token({"INTERCENTRE_JETON_CAI": token})
    assert "Injecte" not in str(caught.value)
    assert "x" * 10 not in str(caught.value)
