"""Large order files, taken in parts."""

from collections.abc import Callable

from backend.core.execute import Actor
from backend.core.jobs import JobBook, JobContext
from backend.orders.queries.imports import kept_file
from backend.orders.rules import OrderIn
from backend.orders.use_cases import FinishImport, ImportPart, finish_import, import_part
from backend.orders.use_cases.files import JOB, PART, read_file


def take_file(work: JobContext) -> None:
    """Read the file again and take the parts that have not been taken: each part is a command of its own."""
    import_id = int(work.payload["import_id"])
    with work.db.read() as session:
        file = kept_file(session, import_id)
    if file is None:
        return  # a worker before us finished it and died before it could say so
    orders = read_file(file.data, file.file_name, file.timezone, file.columns).orders
    for number, start in enumerate(range(0, len(orders), PART)):
        work.run(import_part, _part(import_id, number, orders[start : start + PART]), number)
        work.heartbeat()

    def finish(by: Actor) -> FinishImport:
        return FinishImport(by=by, import_id=import_id)

    work.run(finish_import, finish)


def _part(import_id: int, number: int, orders: tuple[OrderIn, ...]) -> Callable[[Actor], ImportPart]:
    def build(by: Actor) -> ImportPart:
        return ImportPart(by=by, import_id=import_id, part=number, orders=orders)

    return build


BOOK = JobBook({JOB: take_file}, slow=frozenset({JOB}))
