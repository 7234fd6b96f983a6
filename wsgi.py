"""The WSGI entry: `app`, and nothing else."""

import os

from backend.app import create_app, start_background
from backend.core.settings import Settings

app = create_app(Settings.from_env(os.environ))
start_background(app)
