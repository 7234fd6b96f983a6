"""News: numbered after commit, told at least once, replayed on a gap."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event
from backend.core.execute import Actor, Command
from backend.core.outbox import Fact, Relay, emit, forget_old_events, reaction, replay
from tests.conftest import HouseUnderTest


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    """A fact of the tests."""

    name: ClassVar[str] = "test.bell_rung"
    tower: int

    def channel(self) -> str:
        return f"warehouse:{self.tower}"


class Ear:
    """Hears facts; may be deaf once, as a process that dies between telling and marking."""

    def __init__(self) -> None:
        self.heard: list[Fact] = []
        self.dies = False

    def __call__(self, facts: Sequence[Fact]) -> None:
        self.heard += facts
        if self.dies:
            self.dies = False
            raise ConnectionError


def ring(house: HouseUnderTest, *towers: int) -> None:
    """Emit one fact for each tower, in one transaction."""
    with house.write() as session:
        for tower in towers:
            emit(session, BellRung(tower=tower), now=house.clock.now())


def test_facts_are_numbered_in_one_sequence_with_the_previous_of_their_channel(house: HouseUnderTest) -> None:
    ear = Ear()
    relay = Relay(house.db, house.clock, ear, [])
    ring(house, 1, 2, 1)
    assert relay.run_once()
    assert [(fact.seq, fact.prev, fact.channel) for fact in ear.heard] == [
        (1, 0, "warehouse:1"),
        (2, 0, "warehouse:2"),
        (3, 1, "warehouse:1"),
    ]
    assert not relay.run_once()


def test_nothing_is_told_of_a_transaction_that_failed(house: HouseUnderTest) -> None:
    ear = Ear()
    try:
        with house.write() as session:
            emit(session, BellRung(tower=1), now=house.clock.now())
            raise RuntimeError
    except RuntimeError:
        pass
    assert not Relay(house.db, house.clock, ear, []).run_once()


def test_a_relay_that_dies_between_telling_and_marking_tells_again(house: HouseUnderTest) -> None:
    ear = Ear()
    ear.dies = True
    ring(house, 1)
    with contextlib.suppress(ConnectionError):
        Relay(house.db, house.clock, ear, []).run_once()
    assert Relay(house.db, house.clock, ear, []).run_once()
    assert [fact.seq for fact in ear.heard] == [1, 1]


def test_a_reader_replays_what_it_missed_and_only_of_its_channel(house: HouseUnderTest) -> None:
    ring(house, 1, 2, 1, 1)
    Relay(house.db, house.clock, Ear(), []).run_once()
    with house.read() as session:
        found = replay(session, "warehouse:1", after=1)
        fresh = replay(session, "warehouse:1", after=None)
        never = replay(session, "warehouse:9", after=0)
    assert ([fact.seq for fact in found.events], found.cursor, found.resync) == ([3, 4], 4, False)
    assert (fresh.events, fresh.cursor, fresh.resync) == ([], 4, False)
    assert (never.cursor, never.resync) == (0, False)


def test_a_reader_older_than_the_outbox_is_told_to_fetch_the_snapshot(house: HouseUnderTest) -> None:
    relay = Relay(house.db, house.clock, Ear(), [])
    ring(house, 1, 1, 1)
    relay.run_once()
    house.clock.advance(days=8)
    with house.write() as session:
        forget_old_events(session, house.clock.now())
    ring(house, 1)
    relay.run_once()
    with house.read() as session:
        found = replay(session, "warehouse:1", after=1)
    assert found.resync
    assert found.cursor == 4


@dataclass(frozen=True, kw_only=True)
class Answer(Command):
    """What a reaction commands."""

    tower: int


answered: list[int] = []


def answer(_session: object, command: Answer, *, now: object) -> None:
    """A use case of the tests."""
    answered.append(command.tower)


def to_answer(event: BellRung, by: Actor) -> Answer | None:
    """Only odd towers are answered."""
    return Answer(by=by, tower=event.tower) if event.tower % 2 else None


def test_a_reaction_runs_once_for_each_event_it_cares_for(house: HouseUnderTest) -> None:
    from backend.core.jobs import JobBook, Worker

    answered.clear()
    table = [reaction(BellRung, answer, to_answer)]
    ring(house, 1, 2, 3)
    Relay(house.db, house.clock, Ear(), table).run_once()
    worker = Worker(
        house.db, house.clock, house.settings, JobBook({each.kind: each.handler() for each in table})
    )
    while worker.run_one():
        pass
    assert answered == [1, 3]
