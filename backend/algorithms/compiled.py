"""Where numba enters: a typed decorator and a safe home for its cache.

The machine code is cached next to the sources when that folder is writable, otherwise in a private folder of the
system's temporary directory; never in a user's home. Import this module lazily: it loads numba (about 0.5 s).
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])


def _private_folder() -> str:
    folder = Path(tempfile.gettempdir()) / f"tideline-numba-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.stat()
    if facts.st_uid != os.getuid() or facts.st_mode & 0o077:  # a stranger's pickles must never be loaded
        return tempfile.mkdtemp(prefix="tideline-numba-")
    return str(folder)


def _in_tree_writable() -> bool:
    folder = Path(__file__).parent
    return all(os.access(place, os.W_OK) for place in (folder, folder / "routing", folder / "batching"))


if not os.environ.get("NUMBA_CACHE_DIR") and not _in_tree_writable():
    numba.config.CACHE_DIR = _private_folder()


def compiled(function: F) -> F:
    """Compile at first call, keep the machine code on disk, release the interpreter lock while running."""
    fast: F = numba.njit(cache=True, nogil=True)(function)
    return fast
