"""The WSGI entry: `app`, and nothing else."""

import os

from backend.app import create_app
from backend.core.settings import Settings

app = create_app(Settings.from_env(os.environ))
