"""Tideline's server: a modular monolith. docs/DECISIONS.md says why, pyproject.toml holds the map."""
