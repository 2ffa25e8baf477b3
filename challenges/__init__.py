"""Edits for people to make themselves, a file a challenge: what is done to the file first, and a solution.

START and SOLUTION are patches, {text that stands in the file once: what to put there}; the solution is for the file as
START leaves it. Whether somebody's own edit does what was asked is found out by py/checks.py, and the words are in
web/words/en/challenges.json.
"""

ORDER = ["two_heads", "top_three", "no_early_stop", "perplexity", "softmax"]  # from easy to hard
