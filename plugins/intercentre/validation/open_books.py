"""A workbook is opened once while a deposit is judged, however many of its sheets are tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_OPEN: ContextVar[dict[Path, CalamineWorkbook] | None] = ContextVar("open_books", default=None)


@contextmanager
def books_opened_once() -> Iterator[None]:
    """In this block what `opened` gives stays open; at its end everything is closed."""
    books: dict[Path, CalamineWorkbook] = {}
    token = _OPEN.set(books)
    try:
        yield
    finally:
        _OPEN.reset(token)
        for book in books.values():
            book.close()


@contextmanager
def opened(source: Path, open_book: Callable[[Path], CalamineWorkbook]) -> Iterator[CalamineWorkbook]:
    """The workbook, open in this block; the one that is open already where there is one."""
    books = _OPEN.get()
    if books is None:
        with open_book(source) as book:
            yield book
        return
    if source not in books:
        books[source] = open_book(source)
    yield books[source]
