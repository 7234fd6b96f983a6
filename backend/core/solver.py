"""Heavy thinking happens next door: a spawned process gets frozen input and gives back a frozen answer.

It never opens the database. It reports what it has so far, can be asked to stop with the best so far, and is ended
when it overstays; a web process never imports OR-Tools.
"""

import multiprocessing
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event as ProcessEvent
from typing import Any

from backend.core.errors import Unavailable

_GRACE_SECONDS = 20.0
Solve = Callable[[Any, Callable[[Any], None], Callable[[], bool]], Any]


def solve_apart(
    function: Solve,
    frozen_input: Any,
    *,
    on_progress: Callable[[Any], None] = lambda _best: None,
    should_stop: Callable[[], bool] = lambda: False,
    seconds: float,
) -> Any:
    """Run `function(frozen_input, progress, stop)` in a process of its own.

    Args:
        function: a top-level function of `backend.algorithms`.
        frozen_input: picklable.
        on_progress: called here with each report.
        should_stop: asked about five times a second; True asks the solver for its best so far.
        seconds: its budget; it is ended when it overstays by 20 s.

    Raises:
        Unavailable: when the process died or overstayed (not permanent), or the function raised (permanent).
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    process = context.Process(target=_serve, args=(function, frozen_input, theirs, stop), daemon=True)
    process.start()
    theirs.close()
    try:
        return _listen(ours, stop, on_progress, should_stop, time.monotonic() + seconds + _GRACE_SECONDS)
    finally:
        if process.is_alive():
            process.terminate()
        process.join(5)
        ours.close()


def _listen(
    ours: Connection,
    stop: ProcessEvent,
    on_progress: Callable[[Any], None],
    should_stop: Callable[[], bool],
    deadline: float,
) -> Any:
    while time.monotonic() < deadline:
        if not stop.is_set() and should_stop():
            stop.set()
        if not ours.poll(0.2):
            continue
        try:
            kind, value = ours.recv()
        except EOFError:
            raise Unavailable("the solver process died") from None
        if kind == "done":
            return value
        if kind == "failed":
            raise Unavailable(f"the solver failed: {value}", permanent=True)
        on_progress(value)
    raise Unavailable("the solver overstayed its budget")


def _serve(function: Solve, frozen_input: Any, theirs: Connection, stop: ProcessEvent) -> None:
    try:
        answer = function(frozen_input, lambda best: theirs.send(("progress", best)), stop.is_set)
    except Exception as error:  # noqa: BLE001 - it is told to the parent
        theirs.send(("failed", "".join(traceback.format_exception(error))))
    else:
        theirs.send(("done", answer))
    finally:
        theirs.close()
