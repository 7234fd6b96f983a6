"""The ground every room stands on: settings, database, one door for changes, outbox, jobs, HTTP and sockets.

Core knows no business word. Rooms import it; it imports only the pure algorithms library.
"""
