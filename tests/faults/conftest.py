"""A centre's server that does what a test's script says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.faults.scripted_server import ScriptedServer, Step


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    """A maker of servers, stopped when the test ends."""
    with ExitStack() as stack:

        def start(*script: Step) -> ScriptedServer:
            return stack.enter_context(ScriptedServer(script))

        yield start
