"""How people walk, handle and err; the hall they walk in; what is reported."""
