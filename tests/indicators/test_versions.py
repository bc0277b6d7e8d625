"""A version of a definition means one thing for ever: the ledger, and what it refuses."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

from schemas.indicators import Definition, definitions
from schemas.indicators.versions import (
    LEDGER,
    RegisteredVersion,
    disagreements,
    follow,
    ledger_text,
    lost_lines,
    put_in_use,
    read_ledger,
)

_ROOT = Path(__file__).parents[2]
_LEDGER = read_ledger(LEDGER.read_text(encoding="utf-8"))


def in_use() -> list[RegisteredVersion]:
    return put_in_use(follow([], definitions().values()), date(2026, 12, 1))


def changed(version: str = "1.0.0", unit: str = "personnes") -> list[Definition]:
    """The definitions, of which I01 counts something else and its own fingerprint was written anew."""
    other = definitions()["I01"].model_copy(update={"unite": unit, "version": version})
    return [other.model_copy(update={"empreinte": other.fingerprint}), *list(definitions().values())[1:]]


def test_the_ledger_says_what_the_definitions_say() -> None:
    assert list(disagreements(_LEDGER, definitions().values())) == []
    assert ledger_text(_LEDGER) == LEDGER.read_text(encoding="utf-8")


def test_another_meaning_under_the_same_version_is_refused_even_with_its_fingerprint_written_anew() -> None:
    (refusal,) = disagreements(in_use(), changed())
    assert refusal == "I01: version 1.0.0 means something else since 2026-12-01: raise it"
    assert follow(in_use(), changed()) == in_use()  # `make docs` does not make it right


def test_another_meaning_under_a_new_version_is_a_line_more() -> None:
    (refusal,) = disagreements(in_use(), changed("1.1.0"))
    assert refusal == "I01: version 1.1.0 stands 0 times in the ledger (`make docs` writes it)"
    followed = follow(in_use(), changed("1.1.0"))
    assert list(disagreements(followed, changed("1.1.0"))) == []
    assert [line for line in followed if line not in in_use()] == [
        RegisteredVersion("I01", "1.1.0", changed("1.1.0")[0].fingerprint, "")
    ]


def test_a_version_does_not_come_back() -> None:
    later = follow(in_use(), changed("1.1.0"))
    (refusal,) = disagreements(put_in_use(later, date(2027, 1, 1)), definitions().values())
    assert refusal == "I01: version 1.0.0 is below a version that the ledger knows"


def test_versions_are_ordered_as_numbers() -> None:
    lines = [RegisteredVersion("I01", version, "0" * 64, "2026-12-01") for version in ("1.10.0", "1.9.0")]
    assert [line.version for line in read_ledger(ledger_text(lines))] == ["1.9.0", "1.10.0"]


def test_a_line_that_was_changed_or_taken_away_is_found() -> None:
    before = in_use()
    assert lost_lines(before, [*before, RegisteredVersion("I01", "2.0.0", "0" * 64, "")]) == []
    assert lost_lines(before, before[1:]) == [before[0]]
    rewritten = RegisteredVersion(before[0].code, before[0].version, "0" * 64, before[0].date)
    assert lost_lines(before, [rewritten, *before[1:]]) == [before[0]]
    in_the_making = RegisteredVersion("I01", "1.0.0", "0" * 64, "")
    assert lost_lines([in_the_making], before) == []


def test_no_dated_line_of_the_past_was_changed() -> None:
    path = LEDGER.relative_to(_ROOT).as_posix()
    for commit in git("log", "--format=%H", "--", path).split():
        assert lost_lines(read_ledger(git("show", f"{commit}:{path}")), _LEDGER) == [], commit


def git(*arguments: str) -> str:
    """What git answers; nothing where the tree has no history (an archive of the sources)."""
    done = subprocess.run(["git", *arguments], cwd=_ROOT, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""
