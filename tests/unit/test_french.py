"""Spaces of French: where a line must not break, and never in what a machine reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from intercentre.core.french import french_spaces
from intercentre.core.pages import page_environment


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ("Accepté : rien à faire ; merci !", "Accepté\u00a0: rien à faire\u00a0; merci\u00a0!"),
        ("<p>Que faire ?</p>", "<p>Que faire\u00a0?</p>"),
        ("la feuille « dossier »", "la feuille «\u00a0dossier\u00a0»"),
        (
            '<a title="Suite : ici" href="/a?b=c : d">Suite :</a>',
            '<a title="Suite : ici" href="/a?b=c : d">Suite\u00a0:</a>',
        ),
        ("<code>a : b</code> : c", "<code>a : b</code>\u00a0: c"),
        ("<style>\np { color : red }\n</style> :", "<style>\np { color : red }\n</style>\u00a0:"),
        ("<textarea>moi : toi</textarea>", "<textarea>moi : toi</textarea>"),
        ("14:05 ; d&#39;ici", "14:05\u00a0; d&#39;ici"),
        ("déjà\u00a0: fait", "déjà\u00a0: fait"),
    ],
)
def test_a_space_that_french_does_not_break(plain: str, shown: str) -> None:
    assert french_spaces(plain) == shown
    assert french_spaces(shown) == shown


def test_each_page_gets_its_spaces_when_it_is_rendered(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>{{ mot }} : « {{ texte }} »</p>", encoding="utf-8")
    page = page_environment(tmp_path).get_template("a.html").render(mot="Motif", texte="pourquoi ?")
    assert page == "<p>Motif\u00a0: «\u00a0pourquoi\u00a0?\u00a0»</p>"
