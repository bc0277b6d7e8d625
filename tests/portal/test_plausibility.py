"""The examination of plausibility: DISCRI and the operator read it, a centre and an authority do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from intercentre.core.hub import Hub
from tests.portal.conftest import Visit
from tests.portal.facts import make_deposit

LINK = "Télécharger l'examen de plausibilité"


def test_the_page_is_offered_once_it_is_there(hub: Hub, person: Callable[[str], Visit]) -> None:
    depot_id = make_deposit(hub, "CAI")
    visitor = person("discri")
    assert visitor.get(f"/depots/{depot_id}/plausibilite").status_code == 404
    assert LINK not in visitor.get(f"/depots/{depot_id}").text
    folder = hub.home.root / "z1" / "plausibilite" / depot_id
    folder.mkdir(parents=True)
    (folder / "page.html").write_bytes(b"<!doctype html><title>examen</title>")
    assert LINK in visitor.get(f"/depots/{depot_id}").text.replace("&#39;", "'")
    answer = visitor.get(f"/depots/{depot_id}/plausibilite")
    assert (answer.status_code, answer.content) == (200, b"<!doctype html><title>examen</title>")
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("nom", ["cai", "autorite"])
def test_nobody_else_reads_it(hub: Hub, person: Callable[[str], Visit], nom: str) -> None:
    depot_id = make_deposit(hub, "CAI")
    assert person(nom).get(f"/depots/{depot_id}/plausibilite").status_code == 403
