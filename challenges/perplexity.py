"""Perplexity beside the loss."""

START = {}
SOLUTION = {
    "    return sum(losses) / len(losses)\n": (
        "    return sum(losses) / len(losses)\n"
        "\n\n"
        "def perplexity(tokens, weights):\n"
        '    """Among how many equally likely tokens the model would be as unsure: e to the loss."""\n'
        "    return mean_nll(tokens, weights).exp()\n"
    ),
}
