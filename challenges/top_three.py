"""Only the three likeliest can be drawn."""

START = {}
SOLUTION = {
    "    for token, low, high in intervals(probs):": (
        "    likeliest = intervals(probs)[:3]\n"
        "    number *= likeliest[-1][2]  # together they reach from 0 to there\n"
        "    for token, low, high in likeliest:"
    ),
}
