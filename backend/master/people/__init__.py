"""Who may do what: users, roles, scopes, sessions, API keys, and the log of every security event.

Words: a *permission* names a deed (`pick`), a *role* is a set of permissions, a *scope* limits a person to warehouses,
shops or goods owners, a *job function* is a kind of floor work a person does. A *badge* is a QR code with 160 random
bits; it is proved by a PIN. A *try* is one attempt to prove a secret.
Invariants: a try is counted before the secret is looked at, so that parallel guessing gains nothing; no command and no
stored reply carries a secret; nobody grants what they do not hold; the audit log only grows.
"""
