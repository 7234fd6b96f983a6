"""Labels and the printing agent: a library that imports nothing of the backend.

So far the house prints badges and enrolment codes as pictures (`backend.master.devices`); label layouts, renderers for
ZPL, ESC/POS and PDF, transports and the agent will live here.
"""
