"""Settings: what is known is read, what is unknown is refused by its name, no value is ever shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.settings import Settings, SettingsError


def test_defaults() -> None:
    settings = Settings.from_environment({"PATH": "/bin", "INTERCENTR": "x"})
    assert settings == Settings()
    assert (settings.quorum, settings.delai_jours, settings.duree_depots_jours) == (5, 10, 90)


def test_every_kind_of_setting_is_read() -> None:
    settings = Settings.from_environment(
        {"INTERCENTRE_HOME": "ici", "INTERCENTRE_QUORUM": "7", "INTERCENTRE_AIRFLOW_URL": "http://a"}
    )
    assert (settings.home, settings.quorum, settings.airflow_url) == (Path("ici"), 7, "http://a")


def test_unknown_setting_is_refused_by_name_without_its_value() -> None:
    with pytest.raises(SettingsError, match="INTERCENTRE_QORUM") as caught:
        Settings.from_environment({"INTERCENTRE_QORUM": "secret-7"})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["cinq", "-1", "5.0", "", "٥", "²", "0x5", "1_0"])
def test_number_that_is_none_is_refused_without_its_value(text: str) -> None:
    with pytest.raises(SettingsError, match="INTERCENTRE_QUORUM") as caught:
        Settings.from_environment({"INTERCENTRE_QUORUM": text})
    assert not text or text not in str(caught.value)


def test_secrets_and_image_names_are_no_settings() -> None:
    environment = {"INTERCENTRE_JETON": "a", "INTERCENTRE_JETON_CAI": "b", "INTERCENTRE_IMAGE_HUB": "c"}
    assert Settings.from_environment(environment) == Settings()


def test_registry_url_comes_from_the_secret_file_then_the_setting_then_the_home(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql+psycopg2://hub@base/hub\n")
    both = Settings(home=tmp_path, registre_url="sqlite:///a", registre_url_fichier=str(tmp_path / "url"))
    assert both.registry_url == "postgresql+psycopg2://hub@base/hub"
    assert Settings(home=tmp_path, registre_url="sqlite:///a").registry_url == "sqlite:///a"
    assert Settings(home=tmp_path).registry_url == f"sqlite:///{tmp_path}/registre.sqlite"
