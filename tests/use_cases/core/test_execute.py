"""The one door: exactly once, whatever the network does."""

import threading
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal, Unprocessable
from backend.core.execute import Command, CommandRecord, execute, forget_old_commands
from backend.core.ids import uuid7
from backend.core.outbox import OutboxChannel
from tests.conftest import HouseUnderTest


@dataclass(frozen=True, kw_only=True)
class WriteDown(Command):
    """A command of the tests: leave a row behind."""

    word: str


@dataclass(frozen=True)
class Written:
    """What came of it."""

    word: str
    rows: int


def write_down(session: Session, command: WriteDown, *, now: datetime) -> Written:
    """Leave a row; refuse some words."""
    session.execute(insert(OutboxChannel).values(channel=f"{command.word}-{uuid7()}", last_seq=1))
    if command.word == "forbidden":
        raise NotFound("task_not_found", task_id=3)
    if command.word == "broken":
        raise RuntimeError("a bug")
    return Written(command.word, count(session))


def count(session: Session) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(OutboxChannel)) or 0


def test_the_same_command_again_gets_the_first_reply_and_changes_nothing(house: HouseUnderTest) -> None:
    name = uuid7()
    first = execute(
        house.db, write_down, WriteDown(by=house.actor_as(command_id=name), word="a"), clock=house.clock
    )
    again = execute(
        house.db, write_down, WriteDown(by=house.actor_as(command_id=name), word="a"), clock=house.clock
    )
    assert first.body == again.body == {"word": "a", "rows": 1}
    assert again.replayed
    with house.read() as session:
        assert count(session) == 1


def test_the_same_id_with_another_body_is_refused(house: HouseUnderTest) -> None:
    name = uuid7()
    house.run(write_down, WriteDown, word="a", command_id=name)
    with pytest.raises(Unprocessable) as refused:
        house.run(write_down, WriteDown, word="b", command_id=name)
    assert refused.value.code == "command_id_reused"


def test_the_same_id_from_somebody_else_is_refused(house: HouseUnderTest) -> None:
    name = uuid7()
    house.run(write_down, WriteDown, word="a", command_id=name, by=house.actor_as(user_id=1))
    with pytest.raises(Unprocessable):
        house.run(write_down, WriteDown, word="a", command_id=name, by=house.actor_as(user_id=2))


def test_a_refusal_is_kept_and_repeated_and_leaves_nothing_behind(house: HouseUnderTest) -> None:
    name = uuid7()
    for _ in range(2):
        with pytest.raises(NotFound) as refused:
            house.run(write_down, WriteDown, word="forbidden", command_id=name)
        assert (refused.value.code, refused.value.facts) == ("task_not_found", {"task_id": 3})
    with house.read() as session:
        assert count(session) == 0


def test_a_bug_is_not_kept_so_that_the_command_may_be_sent_again(house: HouseUnderTest) -> None:
    name = uuid7()
    with pytest.raises(RuntimeError):
        house.run(write_down, WriteDown, word="broken", command_id=name)
    with house.read() as session:
        assert count(session) == 0
        assert session.get(CommandRecord, name) is None


def test_twenty_threads_with_one_id_have_one_effect_and_one_reply(house: HouseUnderTest) -> None:
    name, replies = uuid7(), []

    def send() -> None:
        command = WriteDown(by=house.actor_as(command_id=name), word="once")
        replies.append(execute(house.db, write_down, command, clock=house.clock).body)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [{"word": "once", "rows": 1}] * 20


def test_old_commands_are_forgotten_after_thirty_days(house: HouseUnderTest) -> None:
    name = uuid7()
    house.run(write_down, WriteDown, word="a", command_id=name)
    house.clock.advance(days=31)
    with house.write() as session:
        forget_old_commands(session, house.clock.now())
    with house.read() as session:
        assert session.get(CommandRecord, name) is None


def test_a_refusal_knows_its_status_again_after_a_replay(house: HouseUnderTest) -> None:
    name = uuid7()
    for _ in range(2):
        with pytest.raises(Refusal) as refused:
            house.run(write_down, WriteDown, word="forbidden", command_id=name)
        assert refused.value.status == 404
