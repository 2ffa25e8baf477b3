"""The words of Levithen, a language that nobody speaks: `python3 lists/invented_words.py` prints them.

Whoever trains a model on these can know what there is to learn, because it is all there is:

    a syllable     a consonant and a vowel; a word has two to four
    harmony        a word is light, and its vowels are e and i, or dark, and they are a, o and u
    between        n, l or s may stand before a consonant, which is another one, and not r
    the end        a light word may end in n, a dark one in r
    variety        a syllable begins with another consonant than the one before it

In all else, chance decides; some syllables are likelier than others, as in any language.
"""

import random

SEED = 7
N_WORDS = 400
LONGEST = 12
CONSONANTS = {"b": 3, "d": 3, "l": 6, "m": 5, "n": 6, "p": 2, "r": 5, "s": 5, "t": 5, "th": 4, "v": 4, "w": 2, "y": 1}
VOWELS = {"light": {"e": 5, "i": 4}, "dark": {"a": 6, "o": 4, "u": 2}}
BETWEEN = {"": 12, "n": 3, "l": 2, "s": 2}
END = {"light": {"": 3, "n": 2}, "dark": {"": 3, "r": 2}}
SYLLABLES = {2: 5, 3: 5, 4: 1}


def words():
    """N_WORDS different words, in alphabetical order: the same ones always."""
    rng = random.Random(SEED)
    found = set()
    while len(found) < N_WORDS:
        new = word(rng)
        if len(new) <= LONGEST:
            found.add(new)
    return sorted(found)


def word(rng):
    kind = rng.choice(list(VOWELS))
    made, before, between = "", "", ""
    for i in range(draw(rng, SYLLABLES)):
        if i:
            between = draw(rng, BETWEEN)
        consonant = draw(rng, {each: n for each, n in CONSONANTS.items() if fits(each, before, between)})
        made += between + consonant + draw(rng, VOWELS[kind])
        before = consonant
    return made + draw(rng, END[kind])


def fits(consonant, before, between):
    """Whether a syllable may begin with it: `before` began the last one, and `between` closed it."""
    return consonant not in (before, between) and not (between and consonant == "r")


def draw(rng, weighed):
    return rng.choices(list(weighed), list(weighed.values()))[0]


if __name__ == "__main__":
    print(*words(), sep="\n")
