"""The command line: thin doors to the same verbs."""

import json
from pathlib import Path

from tests.build.layout import a_warehouse
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest

PASSWORD = "correct horse battery staple"


def test_the_first_administrator_is_made_at_the_terminal_and_may_log_in(house: HouseUnderTest) -> None:
    asked = house.app.test_cli_runner().invoke(args=["admin", "owner", "--password", PASSWORD])
    assert asked.exit_code == 0, asked.output
    client = house.client()
    answer = client.post("/api/session/password", json={"login": "owner", "password": PASSWORD})
    assert answer.status_code == 200
    assert "manage_people" in answer.json["permissions"]


def test_a_refused_administrator_is_refused_in_words(house: HouseUnderTest) -> None:
    run = house.app.test_cli_runner()
    assert "weak_password" in run.invoke(args=["admin", "owner", "--password", "1234"]).output
    run.invoke(args=["admin", "owner", "--password", PASSWORD])
    again = run.invoke(args=["admin", "owner", "--password", PASSWORD])
    assert (again.exit_code, "login_taken" in again.output) == (1, True)


def test_the_ledger_is_proved_from_the_terminal(house: HouseUnderTest) -> None:
    a_shop(house).stock("APPLE", A_01_1=5)
    run = house.app.test_cli_runner()
    assert run.invoke(args=["stock", "verify"]).output.startswith("proved: 1 moves, 1 balances")
    report = json.loads(run.invoke(args=["stock", "verify", "--json"]).output)
    assert (report["sound"], report["moves"], report["faults"]) == (True, 1, [])


def test_a_house_whose_figures_were_touched_is_not_proved(house: HouseUnderTest) -> None:
    from sqlalchemy import text

    a_shop(house).stock("APPLE", A_01_1=5)
    with house.write() as session:
        session.execute(text("UPDATE stock_balance SET on_hand = 6"))
    found = house.app.test_cli_runner().invoke(args=["stock", "verify"])
    assert found.exit_code == 1
    assert found.output.startswith("NOT PROVED")


def test_measuring_needs_no_database(house: HouseUnderTest, tmp_path: Path) -> None:
    a_warehouse(house)
    instance = {
        "schema": "wave-bench/1",
        "id": "two_picks",
        "problem": "routing",
        "warehouse": {
            "type": "rectangular",
            "aisle_x": [0, 3],
            "cross_aisle_y": [0, 10],
            "depot": {"aisle": 0, "cross_aisle": 0, "extra": 0},
        },
        "picks": [[0, 4], [1, 6]],
        "best": {"objective": 18, "proven": True, "source": "by hand"},
    }
    path = tmp_path / "two.json"
    path.write_text(json.dumps(instance))
    answer = json.loads(house.app.test_cli_runner().invoke(args=["route", "solve", str(path)]).output)
    assert set(answer) >= {"id", "objective", "bound", "status", "ms", "solution"}
    assert (answer["objective"], answer["bound"]) == (26, 26)
