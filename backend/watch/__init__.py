"""Those who look on: the live board, alerts, insights, labour. Nobody below imports them."""
