"""Great Expectations on a DuckDB file, for the rooms that judge: dialect, evaluation, what is kept of an answer.

It is imported within one function, by whoever evaluates: 3 s and 265 MB that nobody else pays.
"""

from __future__ import annotations

from intercentre.core.expectations.evaluate import Ask, Check, Figure, NotEvaluatedError, evaluate, load
from intercentre.core.expectations.evidence import gx_answers, kept_answer

__all__ = ["Ask", "Check", "Figure", "NotEvaluatedError", "evaluate", "gx_answers", "kept_answer", "load"]
