"""Every setting is explained, and nothing that does not exist is."""

import dataclasses
import re

from backend.core.settings import PREFIX, Settings
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "settings.md"


def test_every_setting_is_explained_with_its_default():
    rows = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        if cells[0].startswith(PREFIX):
            rows[cells[0]] = cells
    for field in dataclasses.fields(Settings):
        name = PREFIX + field.name.upper()
        assert name in rows, f"docs/settings.md does not explain {name}"
        told = rows[name][1]
        if field.default == "":
            assert told == "empty" or told.startswith("made"), (
                f"{name}: the default is empty, the page says {told!r}"
            )
        else:
            default = str(int(field.default)) if isinstance(field.default, bool) else str(field.default)
            assert told == default, f"{name}: the default is {default!r}, the page says {told!r}"
        assert len(rows[name][2]) > 5, f"{name}: say what it does"


def test_the_page_explains_nothing_that_does_not_exist():
    known = {PREFIX + field.name.upper() for field in dataclasses.fields(Settings)}
    told = set(re.findall(rf"{PREFIX}[A-Z_]+", PAGE.read_text(encoding="utf-8")))
    assert told <= known, f"not settings: {sorted(told - known)}"
