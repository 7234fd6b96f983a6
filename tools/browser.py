"""Find the system's Chromium for the browser tests, or say how to get it.

Usage: python3 -m tools.browser     prints its path
"""

import os
import shutil

from tools.ground import apt_install, give_up

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FONTS = ("fonts-liberation", "fonts-droid-fallback")  # Latin and Chinese: pages are measured and looked at


def find_chromium() -> str | None:
    """The path of a Chromium: CHROMIUM, else what PATH has; None where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def need_chromium() -> str:
    """The path of a Chromium; installed by package name where we are root."""
    found = find_chromium()
    if found is None and apt_install("chromium", *_FONTS):
        found = find_chromium()
    if found is None:
        give_up(
            "The browser tests need Chromium, which is not here.",
            "  Debian:         sudo apt-get install chromium fonts-liberation fonts-droid-fallback",
            "  Ubuntu:         sudo snap install chromium     (or Google Chrome's own package)",
            "  anywhere else:  put chromium or google-chrome on PATH, or set CHROMIUM to its path",
        )
    return found


if __name__ == "__main__":
    print(need_chromium())
