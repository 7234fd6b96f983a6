"""Goods out: allocation, waves, picking, packing, shipping; each room stands on the one before it."""
