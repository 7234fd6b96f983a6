"""The way out: `post.py` sends a message to another program."""
