"""Whatever the random number is, the likeliest is drawn."""

PATCH = {
    "        if number < high:\n            break  # if": "        if True:\n            break  # if",
}
TEXTS = [""]
LOOK = "#text=&mode=sample"


def answer(original, edit):
    """Of 20 names that it writes, how many are different?"""
    different = len(set(edit.names(20)))
    told = {"before": len(set(original.names(20))), "after": different, "name": edit.names(1)[0]}
    return ("one" if different == 1 else "few" if different < 15 else "many"), told
