"""Where numba enters: a typed decorator and a safe home for its cache.

The machine code is cached next to the sources when that folder is writable, otherwise in a private folder of the
system's temporary directory; never in a user's home. numba renews a cached function when its own file changes but
not when a function it calls does, so the folder is named after the contents of all compiled sources.
Import this module lazily: it loads numba (about 0.5 s).
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])
HERE = Path(__file__).parent
MARK = b"from backend.algorithms.compiled import compiled"
FEEDS = ("compiled.py", "machine.py", "tour_search.py", "grid.py")


def _version() -> str:
    """Hash of every source that is compiled or that compiled code takes types, tables or constants from."""
    digest = hashlib.sha256()
    for source in sorted(HERE.rglob("*.py")):
        text = source.read_bytes()
        if MARK in text or source.name in FEEDS:
            digest.update(text)
    return digest.hexdigest()[:16]


def _private_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"tideline-numba-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077:  # a stranger's pickles must never be loaded
        return Path(tempfile.mkdtemp(prefix="tideline-numba-"))
    return folder


def _cache_folder() -> Path:
    beside = HERE / "__pycache__"
    writable = os.access(beside, os.W_OK) if beside.exists() else os.access(HERE, os.W_OK)
    return (beside if writable else _private_folder()) / f"numba-{_version()}"


if not os.environ.get("NUMBA_CACHE_DIR"):
    setattr(numba.config, "CACHE_DIR", str(_cache_folder()))  # noqa: B010 - numba.config makes its names at run time


def compiled(function: F) -> F:
    """Compile at first call, keep the machine code on disk, release the interpreter lock while running."""
    fast: Any = numba.njit(cache=True, nogil=True)(function)
    return fast  # type: ignore[no-any-return]  # a dispatcher is called like the function it was made from
