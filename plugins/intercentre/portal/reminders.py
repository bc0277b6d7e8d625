"""What Airflow must hear of: told at once, and told again until it has heard.

The registry already holds the truth: a deposit counts and a round is decided whether or not Airflow is up.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from fastapi import FastAPI
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from intercentre.core.faults import describe
from intercentre.core.registry.tables import Journal
from intercentre.portal.airflow import Airflow, AirflowError

if TYPE_CHECKING:
    from intercentre.core.hub import Hub

_log = logging.getLogger("intercentre.portal")
HARMONISATION = "harmonisation"
PUBLICATION = "publication"
TOLD, UNTOLD = "airflow_prevenu", "airflow_non_prevenu"
RETRY_S = 60.0
_ACTOR = "portail"


@dataclass(frozen=True)
class Call:
    """One thing to tell: start `dag` for `periode`, because of `objet` (a deposit or a round)."""

    dag: str
    periode: str
    objet: str


@dataclass
class Reminders:
    """Calls that Airflow has not heard yet."""

    hub: Hub
    _untold: dict[Call, None] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def tell(self, call: Call) -> bool:
        """Ask Airflow now; True when it took the request.

        A failure is journaled and kept for later, never raised. Without an Airflow nothing is asked nor kept.
        """
        airflow = Airflow.of(self.hub.settings)
        if airflow is None:
            return False
        try:
            run_id = airflow.start(call.dag, call.periode, f"portail : {call.objet}")
        except AirflowError as error:
            with self._lock:
                is_new = call not in self._untold
                self._untold[call] = None
            if is_new:
                self._journal(UNTOLD, call, cause=str(error))
            return False
        with self._lock:
            self._untold.pop(call, None)
        self._journal(TOLD, call, execution=run_id)
        return True

    def tell_again(self) -> int:
        """Ask again for what was not heard, up to the first failure; returns how many calls were heard."""
        with self._lock:
            waiting = list(self._untold)
        heard = 0
        for call in waiting:
            if not self.tell(call):
                break
            heard += 1
        return heard

    def recall(self) -> None:
        """Take up, from the journal, what a former process could not tell."""
        for call in untold_calls(self.hub):
            self._untold.setdefault(call)

    def _journal(self, action: str, call: Call, **details: str) -> None:
        with self.hub.registry.change() as change:
            change.journal(_ACTOR, action, call.objet, dag=call.dag, periode=call.periode, **details)


def untold_calls(hub: Hub) -> list[Call]:
    """Calls whose last line in the journal is a failure, in the order of that line."""
    lines = select(Journal).where(Journal.action.in_((TOLD, UNTOLD))).order_by(Journal.numero)
    waiting: dict[Call, None] = {}
    with hub.registry.read() as session:
        for line in session.execute(lines).scalars():
            details = json.loads(line.details)
            call = Call(details["dag"], details["periode"], line.objet)
            waiting.pop(call, None)
            if line.action == UNTOLD:
                waiting[call] = None
    return list(waiting)


@asynccontextmanager
async def remembering(app: FastAPI) -> AsyncIterator[None]:
    """While the portal runs, what Airflow did not hear is told again every minute."""
    reminders: Reminders = app.state.portal.reminders

    async def repeat() -> None:
        while True:
            try:
                await run_in_threadpool(reminders.recall)
                await run_in_threadpool(reminders.tell_again)
            except SQLAlchemyError as error:
                _log.error("rappels a Airflow interrompus : %s", describe(error))
            await asyncio.sleep(RETRY_S)

    task = asyncio.create_task(repeat()) if reminders.hub.settings.airflow_url else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
