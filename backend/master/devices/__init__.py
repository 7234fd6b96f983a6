"""Handhelds and the other machines of the floor: enrolled once, named, seen, revoked.

Words: an *enrolment* is a one-time code that a supervisor shows for some minutes; a *device* is what used it. The
device keeps a token in a cookie, we keep the token's hash.
Invariants: a code enrols one device; a revoked device never comes back, it is enrolled anew.
"""
