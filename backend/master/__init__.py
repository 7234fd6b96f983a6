"""What everything else refers to: goods, places, people, devices."""
