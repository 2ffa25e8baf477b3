"""What a block has worked out replaces what went into it, where it was added before."""

PATCH = {
    '.wo"])\n        x = [xi + ri for xi, ri in zip(x, residual)]\n': '.wo"])\n',
    '.mlp_down"])\n        x = [xi + ri for xi, ri in zip(x, residual)]\n': '.mlp_down"])\n',
}
TEXTS = ["ann"]
LOOK = "#text=ann&mode=loss"


def answer(original, edit):
    """How bad does it become?"""
    told = {"before": original.loss, "after": edit.loss, "guessing": original.guessing}
    if edit.loss < original.loss + 0.3:
        return "little", told
    return "worse" if edit.loss < original.guessing else "below_blind", told
