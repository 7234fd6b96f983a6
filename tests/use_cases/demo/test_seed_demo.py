"""The demo goes in through the same doors as anybody's data, and only once."""

import json
import stat
import time
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select

from backend.master.catalog.models import Sku
from backend.master.layout.models import Location
from backend.operations.demo.use_cases import seed_demo
from backend.orders.models import SalesOrder
from backend.stock.models import Balance
from backend.stock.queries import verify


def counts(house) -> tuple[int, ...]:
    with house.read() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Sku, Location, SalesOrder, Balance)
        )


def test_the_demo_is_seeded_once_and_people_can_log_in(house, tmp_path: Path):
    began = time.perf_counter()
    first = seed_demo(house.db, house.clock, tmp_path)
    took_s = time.perf_counter() - began
    seen = counts(house)
    assert seen[0] == 400
    assert seen[2] == 150
    assert seen[3] > 550
    assert took_s < 30
    with house.read() as session:
        assert verify(session).sound

    began = time.perf_counter()
    again = seed_demo(house.db, house.clock, tmp_path)
    assert time.perf_counter() - began < 1
    assert (first.was_there, again.was_there) == (False, True)
    assert counts(house) == seen

    file = tmp_path / "demo.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = json.loads(file.read_text("utf-8"))
    assert [entry["role"] for entry in kept["logins"]] == ["picker", "shelver", "supervisor", "admin"]
    assert len(kept["simulation"]["pickers"]) == 8
    for entry in kept["logins"]:
        assert zxingcpp.read_barcode(Image.open(entry["badge_png"])).text == entry["badge"]
        answer = house.client().post(
            "/api/session/badge", json={"badge": entry["badge"], "pin": entry["pin"]}
        )
        assert answer.status_code == 200, answer.text
    desk = kept["simulation"]["supervisor"]
    assert house.client().post("/api/session/password", json=desk).status_code == 200


def test_a_seeding_that_broke_off_is_finished_by_the_next(
    house, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from backend.operations.demo.use_cases import seeding

    def broken(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(seeding, "give_logins", broken)
        with pytest.raises(KeyboardInterrupt):
            seed_demo(house.db, house.clock, tmp_path)
    seen = counts(house)
    house.clock.advance(seconds=24 * 3600)
    seed_demo(house.db, house.clock, tmp_path)
    assert counts(house) == seen


def test_lost_logins_are_made_anew(house, tmp_path: Path):
    seed_demo(house.db, house.clock, tmp_path)
    (tmp_path / "demo.json").unlink()
    seed_demo(house.db, house.clock, tmp_path)
    entry = json.loads((tmp_path / "demo.json").read_text("utf-8"))["logins"][0]
    answer = house.client().post("/api/session/badge", json={"badge": entry["badge"], "pin": entry["pin"]})
    assert answer.status_code == 200


def test_everything_that_was_ordered_can_be_promised(house, tmp_path: Path):
    seed_demo(house.db, house.clock, tmp_path)
    house.work()
    with house.read() as session:
        assert set(session.scalars(select(SalesOrder.state))) == {"reserved"}
