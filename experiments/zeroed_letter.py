"""The vector of one letter, a, is all zeros, so that reading it says nothing."""

PATCH = {
    '    x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]': (
        '    embedding = [0.0] * n_embd if token == 0 else weights["wte"][token]  # 0 is the first letter\n'
        '    x = [t + p for t, p in zip(embedding, weights["wpe"][position])]'
    ),
}
TEXTS = ["anna", "jacob", "henry"]
LOOK = "#text=anna&mode=loss"


def answer(original, edit):
    """Which name costs exactly what it did?"""
    unchanged = [text for text in TEXTS if edit.loss_of(text) == original.loss_of(text)]
    told = {"before": original.loss_of("anna"), "after": edit.loss_of("anna")}
    return unchanged[0] if len(unchanged) == 1 else "none", told
