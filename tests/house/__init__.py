"""The house keeps itself: what the plan promises is read off the source, the routes, the tables and the texts."""
