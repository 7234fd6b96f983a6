"""What `make` runs: set the house up, run it, check it. Plain Python 3.11, no packages needed to start."""
