"""The snapshot of a warehouse at work."""

from backend.watch.board.queries.snapshot import Board, board

__all__ = ["Board", "board"]
