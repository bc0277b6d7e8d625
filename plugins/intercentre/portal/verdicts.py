"""The findings of a verdict, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.exchanges.verdict import Verdict
from schemas.findings import Finding

PAGE_ROWS = 200


@dataclass(frozen=True)
class FindingPage:
    """A slice of all findings; pages are counted from 1."""

    constats: tuple[Finding, ...]
    page: int
    pages: int
    total: int


def page_of(verdict: Verdict, page: int) -> FindingPage:
    """The findings of one page, the last page when there are not so many."""
    total = len(verdict.constats)
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(max(1, page), pages)
    return FindingPage(verdict.constats[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], page, pages, total)
