"""A temperature of 0.5 within softmax itself, which attention uses, too."""

PATCH = {
    "exps = [(logit - biggest).exp() for logit in logits]": (
        "exps = [((logit - biggest) / 0.5).exp() for logit in logits]  # a temperature of 0.5"
    ),
}
TEXTS = ["j"]
LOOK = "#text=j&mode=forward"


def answer(original, edit):
    """The bars become sharper. And the average loss?"""
    told = {
        "best": original.best("j"),
        "p_before": original.p("j"),
        "p_after": edit.distribution("j")[original.best("j")],
    }
    told |= {"before": original.loss, "after": edit.loss}
    if abs(edit.loss - original.loss) < 0.05:
        return "same", told
    return "falls" if edit.loss < original.loss else "rises", told
