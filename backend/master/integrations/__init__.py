"""Other programs: webhooks that tell them what happened. (Their keys to call us with are in the people room.)

Words: a *webhook* is an address with the names of the events it wants; a *delivery* is one event on its way there; a
delivery that failed too often is *dead* and waits for a person.
Invariants: every wanted event after the subscription is delivered at least once or shown as dead; a repeated delivery
has the same `webhook-id`; the signing secret is stored encrypted and shown once; no private address is called unless
the operator allows it.
"""
