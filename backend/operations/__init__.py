"""Those who run the house: simulation and continuity. Nobody below imports them."""
