"""Measurements. `python -m tests.benchmarks` prints them and writes docs/benchmarks.md.

Every figure stands beside a baseline that was measured in the same run on the same machine: ratios travel, seconds do
not. The load comes from processes of its own, and the server is the real one: gunicorn, its threads and its workers.
"""
