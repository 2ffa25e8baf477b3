"""What stands at a position goes in, but not which position it is."""

PATCH = {
    'x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]': 'x = weights["wte"][token]',
}
TEXTS = ["ja"]
LOOK = "#text=ja&mode=forward"


def answer(original, edit):
    """After "ja", does STOP become likelier?"""
    before, after = (version.distribution("ja")["STOP"] for version in (original, edit))
    told = {"before": before, "after": after, "loss": edit.loss}
    if abs(after - before) < 0.01:
        return "same", told
    return "likelier" if after > before else "less_likely", told
