"""The words on the screens, by their keys: a test names what is said, not how it is worded."""

import json
import re
from pathlib import Path
from typing import Any

_texts: dict[str, dict[str, str]] = {}


def learn(dist: Path) -> None:
    """Read the texts of the app as it was built."""
    for language in ("en", "zh"):
        (path,) = (dist / "assets").glob(f"{language}-*.json")
        _texts[language] = json.loads(path.read_text())


def _all(language: str) -> dict[str, str]:
    return _texts[language]


def word(key: str, language: str = "en", **facts: Any) -> str:
    """The text of a key with its facts filled in; no plurals."""
    return re.sub(r"\{(\w+)\}", lambda found: str(facts[found[1]]), _all(language)[key])


def like(key: str, language: str = "en", **facts: Any) -> re.Pattern[str]:
    """A pattern for the text of a key: facts that are not given, and plurals, may be anything."""
    text = _all(language)[key]
    out, at = "", 0
    while at < len(text):
        if text[at] != "{":
            out += re.escape(text[at])
            at += 1
            continue
        end, depth = at, 0
        while True:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
            if depth == 0:
                break
        name = text[at + 1 : end - 1]
        out += re.escape(str(facts[name])) if name in facts else ".*"
        at = end
    return re.compile(out)


def key_of(text: str, prefix: str, language: str = "en") -> str:
    """Which key below `prefix` the text on the screen is, without the prefix."""
    for key in _all(language):
        if key.startswith(prefix) and like(key, language).fullmatch(text.strip()):
            return key.removeprefix(prefix)
    raise AssertionError(f"no text below {prefix} reads {text!r}")
