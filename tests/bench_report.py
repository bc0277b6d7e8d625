"""docs/generated/bench.md: one section per benchmark, each written by its own command."""

from __future__ import annotations

import re
from pathlib import Path

TITLE = "# Benchmarks"


def write_section(page: Path, heading: str, body: str) -> None:
    """The section of this heading is `body`; the others stay as they are, a new one comes last."""
    text = page.read_text(encoding="utf-8") if page.exists() else TITLE
    sections = dict(re.findall(r"^## (.+)\n+((?:(?!## ).*\n?)*)", text, re.MULTILINE))
    sections[heading] = body
    parts = [f"## {name}\n\n{content.strip()}\n" for name, content in sections.items()]
    page.write_text("\n".join([f"{TITLE}\n", *parts]), encoding="utf-8")
