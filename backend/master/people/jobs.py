"""What people's room does by itself: once an hour it closes what has expired."""

from backend.core.jobs import JobBook, JobContext, Periodic
from backend.master.people.use_cases import Sweep, sweep


def sweep_people(work: JobContext) -> None:
    """Close expired sessions and drop old tries."""
    work.run(sweep, lambda by: Sweep(by=by))


BOOK = JobBook({"people.sweep": sweep_people}, periodic=(Periodic("people.sweep", 3600),))
