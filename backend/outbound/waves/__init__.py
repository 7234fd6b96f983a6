"""Waves: open orders released to the floor together.

Owns the strategy record (which orders, how grouped, how picked, when triggered, on which cart), the wave, the verdict
on every order that was looked at, and the plan: batches with their routes. A wave is composed (orders chosen, stock
allocated to bins), planned (batches and routes, computed outside the web process), released (tasks are written by the
picking room), done or cancelled. An order is in at most one living wave.
"""
