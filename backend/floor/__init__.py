"""One pool of floor work: picks, put-aways, refills and counts are its clients.

Owns `floor_task` (who may do what, who does it, until when) and `whereabouts` (where each person was last seen).
A task is claimed by exactly one person: the claim is one conditional UPDATE, and a person works on one task at a
time. What the work *is* belongs to the room that opened the task (`kind`, `ref_id`); this room only hands it out.
"""
