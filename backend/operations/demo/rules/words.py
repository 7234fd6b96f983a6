"""The words that goods are named with; names of goods are data, in both languages."""

import json
from importlib import resources
from typing import Any

WORDS: dict[str, Any] = json.loads(
    resources.files("backend.operations.demo.rules").joinpath("words.json").read_text("utf-8")
)


def both(pair: list[str], more: str = "") -> str:
    """A name in Chinese and English."""
    tail = f" {more}" if more else ""
    return f"{pair[0]}{tail} / {pair[1]}{tail}"


def picture(group: str) -> str:
    """A small drawing for a group of goods, as a data URI: no file, no network."""
    colour = WORDS["picture_colours"][group]
    path = WORDS["pictures"][group]
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 64 64'><path fill='#{colour}' d='{path}'/></svg>"
    escaped = svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E").replace(" ", "%20")
    return f"data:image/svg+xml,{escaped}"
