"""Ports, stamps and fingerprints: what lets a second start be quick and a busy port be no trouble."""

import socket
from pathlib import Path

import pytest

from tools import ground
from tools.setup import NO_ANSWER, node_version


def test_a_busy_port_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ground.is_free(port)
        assert ground.first_free_port(port) > port


def test_a_step_is_repeated_when_a_file_or_a_value_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ground, "ROOT", tmp_path)
    file = tmp_path / "requirements.txt"
    file.write_text("flask==1")
    first = ground.fingerprint([file], "3.11")
    assert ground.fingerprint([file], "3.11") == first
    assert ground.fingerprint([file], "3.12") != first
    file.write_text("flask==2")
    assert ground.fingerprint([file], "3.11") != first


def test_a_stamp_counts_for_one_input_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ground, "VENV", tmp_path)
    assert not ground.is_stamped("run", "a")
    ground.stamp("run", "a")
    assert ground.is_stamped("run", "a")
    assert not ground.is_stamped("run", "b")


@pytest.mark.parametrize(
    "line",
    [
        "Temporary failure in name resolution",
        "npm error code ENOTFOUND",
        "npm error code SELF_SIGNED_CERT_IN_CHAIN",
        "ERROR: No matching distribution found for flask==3.1.3",
        "Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)'",
    ],
)
def test_network_trouble_is_told_from_other_trouble(line: str):
    assert NO_ANSWER.search(line)
    assert not NO_ANSWER.search("error: src/main.tsx(3,1): error TS2304: Cannot find name 'x'")


def test_a_program_that_is_no_node_has_no_version(tmp_path: Path):
    assert node_version(tmp_path / "missing") == ()
    assert node_version("true") == ()
