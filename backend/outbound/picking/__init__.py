"""Picking: a person, a cart, a route, and every scan checked by the server.

Owns pick tasks (one per batch of a wave), their totes, lines, splits (which order gets how much of a line), picks (what
was confirmed), put-backs (goods of held or cancelled orders that must return to their bin) and mis-scans. Only the
picker of a task may change it. A pick moves stock from the bin to the PICKED place of the warehouse, in the tote of
the order; nothing is ever moved beyond what the list asks. Every verb can be replayed late and in order from a
handheld's queue: it is judged by what is true now, and a conflict is a code with what to do, or a put-back.
"""
