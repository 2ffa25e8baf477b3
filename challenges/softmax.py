"""softmax, from nothing but its name."""

BODY = """\
    biggest = max(logit.data for logit in logits)  # cancels out; keeps exp() from overflowing
    exps = [(logit - biggest).exp() for logit in logits]
    scale = 1 / sum(exps)
    return [e * scale for e in exps]
"""
GONE = '    raise NotImplementedError("softmax is yours to write")\n'
START = {BODY: GONE}
SOLUTION = {GONE: BODY}
