"""The assembled application, looked at from outside; no request is made."""

from collections.abc import Iterator

import pytest
from flask import Flask

from backend.app import create_app
from backend.core.settings import Settings


@pytest.fixture(scope="session")
def assembled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on an empty file."""
    folder = tmp_path_factory.mktemp("assembled")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'empty.db'}",
        secret="only good for looking at the routes, 0123456789",
        var_dir=str(folder),
        run_background=False,
        log_level="ERROR",
    )
    app = create_app(settings)
    yield app
    app.extensions["tideline"].db.close()
