"""Jobs: in the transaction of the fact, repeated after a crash, never dropped in silence."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal, Unavailable
from backend.core.jobs import Job, JobBook, JobContext, Periodic, Worker, enqueue, job_counts, merged
from tests.conftest import HouseUnderTest


class Helper:
    """A handler that fails as often as it is told."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.seen = list(errors), []

    def __call__(self, work: JobContext) -> None:
        self.seen.append(work.payload)
        if self.errors:
            raise self.errors.pop(0)


def worker_with(house: HouseUnderTest, handler: Helper) -> Worker:
    return Worker(house.db, house.clock, house.settings, JobBook({"test.do": handler}))


def put(house: HouseUnderTest, key: str | None = None, **more: int) -> bool:
    with house.write() as session:
        return enqueue(session, "test.do", {"n": 1}, now=house.clock.now(), key=key, **more)


def only_job(house: HouseUnderTest) -> Job:
    with house.read() as session:
        return session.scalars(select(Job)).one()


def test_a_job_is_done_once(house: HouseUnderTest) -> None:
    helper = Helper()
    worker = worker_with(house, helper)
    put(house)
    assert worker.run_one()
    assert not worker.run_one()
    assert (helper.seen, only_job(house).state) == ([{"n": 1}], "done")


def test_a_key_enqueues_once(house: HouseUnderTest) -> None:
    assert put(house, key="k")
    assert not put(house, key="k")


def test_a_failure_is_tried_again_later_and_gives_up_in_the_end(house: HouseUnderTest) -> None:
    helper = Helper(*[RuntimeError("no")] * 3)
    worker = worker_with(house, helper)
    put(house, max_tries=3)
    for _ in range(3):
        assert worker.run_one()
        assert not worker.run_one()
        house.clock.advance(minutes=10)
    job = only_job(house)
    assert (job.state, job.tries, job.last_error) == ("dead", 3, "RuntimeError: no")


def test_a_permanent_failure_of_the_outside_world_is_not_tried_again(house: HouseUnderTest) -> None:
    worker = worker_with(house, Helper(Unavailable("gone", permanent=True)))
    put(house)
    worker.run_one()
    assert only_job(house).state == "dead"


def test_a_rule_that_says_no_ends_the_job_and_is_shown(house: HouseUnderTest) -> None:
    worker = worker_with(house, Helper(Refusal("order_held")))
    put(house)
    worker.run_one()
    assert (only_job(house).state, only_job(house).last_error) == ("refused", "order_held")


def test_a_worker_that_dies_leaves_the_job_to_the_next_one_after_the_lease(house: HouseUnderTest) -> None:
    class Killed(BaseException):
        pass

    helper = Helper()
    put(house)
    helper.errors = [Killed()]  # type: ignore[list-item]
    with pytest.raises(Killed):
        worker_with(house, helper).run_one()
    assert not worker_with(house, helper).run_one()
    house.clock.advance(seconds=61)
    assert worker_with(house, helper).run_one()
    assert only_job(house).state == "done"


def test_what_comes_round_is_enqueued_once_a_slot_by_however_many_workers(house: HouseUnderTest) -> None:
    helper = Helper()
    book = JobBook({"test.do": helper}, periodic=(Periodic("test.do", 60),))
    workers = [Worker(house.db, house.clock, house.settings, book) for _ in range(2)]
    for worker in workers:
        worker.enqueue_due()
    with house.read() as session:
        assert job_counts(session) == {"waiting": 1}
    house.clock.advance(seconds=60)
    workers[0].enqueue_due()
    with house.read() as session:
        assert job_counts(session) == {"waiting": 2}


def test_a_job_for_later_waits(house: HouseUnderTest) -> None:
    helper = Helper()
    with house.write() as session:
        later = house.clock.now() + timedelta(hours=1)
        enqueue(session, "test.do", {}, now=house.clock.now(), run_at=later)
    worker = worker_with(house, helper)
    assert not worker.run_one()
    house.clock.advance(minutes=61)
    assert worker.run_one()


def test_a_kind_defined_twice_is_a_mistake() -> None:
    book = JobBook({"test.do": Helper()})
    with pytest.raises(ValueError, match="defined twice"):
        merged(book, book)
