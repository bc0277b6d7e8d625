"""Statements run side by side: results in the order of what was asked, tables seen by all, a fault raised."""

from __future__ import annotations

from threading import Barrier, BrokenBarrierError

import pytest
from duckdb import DuckDBPyConnection

from intercentre.core.engine import count_rows, load_rows, open_engine, side_by_side


def _number(engine: DuckDBPyConnection, count: int) -> int:
    load_rows(engine, f"table_{count}", {"ligne": "INTEGER"}, [(1,)] * count)
    return count_rows(engine, f"table_{count}")


def test_results_come_in_the_order_of_the_items_and_tables_stay() -> None:
    with open_engine() as engine:
        assert side_by_side(engine, _number, [5, 1, 4, 2, 3]) == [5, 1, 4, 2, 3]
        assert [count_rows(engine, f"table_{count}") for count in (1, 2, 3, 4, 5)] == [1, 2, 3, 4, 5]


def test_a_fault_of_one_item_is_raised() -> None:
    def divide(_: DuckDBPyConnection, divisor: int) -> float:
        return 6 / divisor

    with open_engine() as engine, pytest.raises(ZeroDivisionError):
        side_by_side(engine, divide, [3, 0, 2])


@pytest.mark.parametrize(("threads", "meet"), [(1, True), (2, False)])
def test_as_many_at_a_time_as_keep_two_cores_busy(threads: int, *, meet: bool) -> None:
    both = Barrier(2, timeout=30 if meet else 0.2)

    def met(_: DuckDBPyConnection, __: int) -> bool:
        try:
            both.wait()
        except BrokenBarrierError:
            return False
        return True

    with open_engine(threads) as engine:
        assert side_by_side(engine, met, [1, 2]) == [meet, meet]


def test_nothing_draws_its_progress_into_what_a_command_writes() -> None:
    asked = "SELECT current_setting('enable_progress_bar')"
    with open_engine() as engine, engine.cursor() as own:
        assert engine.execute(asked).fetchone() == (False,)
        assert own.execute(asked).fetchone() == (False,)
