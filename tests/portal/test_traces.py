"""Faults reach the log without what they say, and the visitor without anything of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from intercentre.core.faults import describe
from intercentre.portal import accounts, guard
from intercentre.portal.traces import WithoutMessage
from tests.portal.conftest import Visit

CELL = "85073003328"


def failing() -> BaseException:
    try:
        try:
            raise ValueError(CELL)
        except ValueError as error:
            raise RuntimeError(f"could not read {CELL}") from error
    except RuntimeError as error:
        return error


def test_a_fault_is_described_by_kind_and_place() -> None:
    text = describe(failing())
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "failing:" in text
    assert CELL not in text


def test_the_servers_log_keeps_no_message() -> None:
    error = failing()
    record = logging.LogRecord(
        "uvicorn.error", logging.ERROR, __file__, 1, "Exception in ASGI application\n", None,
        (type(error), error, error.__traceback__),
    )  # fmt: skip
    assert WithoutMessage().filter(record)
    text = logging.Formatter().format(record)
    assert CELL not in text
    assert "RuntimeError" in text


def test_a_fault_is_a_page_in_french_without_a_trace(
    person: Callable[[str], Visit], program: Callable[[str], Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, caller = person("cai"), program("cai")

    def broken(*_arguments: object) -> accounts.Account:
        raise RuntimeError(CELL)

    monkeypatch.setattr(guard, "find_by_name", broken)
    monkeypatch.setattr(guard, "find_by_token", broken)
    # The menu of a page asks who is there, and that is what is broken: the page must do without.
    answers = {"page": visitor.get("/depots"), "api": caller.get("/api/v1/tours")}
    for answer in answers.values():
        assert answer.status_code == 500
        assert CELL not in answer.text
        assert "Traceback" not in answer.text
    assert "Le portail a rencontré une difficulté" in answers["page"].text
    assert answers["page"].headers["Content-Security-Policy"]
    assert "L'incident est enregistré" in answers["api"].json()["erreur"]["message"]
