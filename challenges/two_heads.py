"""Two heads in place of four."""

START = {}
SOLUTION = {"n_head = 4  #": "n_head = 2  #"}
