"""What the three modes of the page need of microgpt.py: text in, plain numbers and strings out.

Everything returned goes through JSON as it is. A token is named by its character; the sentinel
is "START" where it is read and "STOP" where it is predicted.
"""

import gc
import json
import math
import random

import microgpt
from microgpt import Value
from weights_file import load

START, STOP = "START", "STOP"
LARGEST = 709.0  # e to the power of more is no number any more
N_SHOWN = 6  # candidates with a bar of their own; the rest is summed up as "other"


class Lesson:
    """One trained model, and what it has read so far."""

    def __init__(self, weights_text, **of_an_edit):
        """weights_text: a file of weights. Raises ValueError if it is none. of_an_edit: see weights_file.load."""
        self.weights, self.vocabulary, self.training = load(weights_text, **of_an_edit)
        self.weights_text = weights_text
        self.sentinel = microgpt.sentinel(self.vocabulary)
        self.nlls = {}  # of every position of a text, by the text
        self.learned = None  # a lesson on other weights, see learn()
        self.forget()

    def forget(self):
        """Have read nothing yet."""
        self.tokens = []  # read so far
        self.keys, self.values = microgpt.empty_cache(), microgpt.empty_cache()
        self.logits = []  # one list of Values for each token read
        self.probs = []  # what softmax makes of each
        self.distributions = []  # what distribution() makes of each

    def read_tokens(self, tokens):
        """Read these tokens, START first; only those after what is known already cost anything."""
        known = 0
        while known < min(len(tokens), len(self.tokens)) and tokens[known] == self.tokens[known]:
            known += 1
        if known == len(tokens):
            return
        for kept in (self.tokens, self.logits, self.probs, self.distributions, *self.keys, *self.values):
            del kept[known:]
        for position in range(known, len(tokens)):
            logits = microgpt.gpt(tokens[position], position, self.keys, self.values, self.weights)
            for kept in (*self.keys, *self.values):
                kept[position:] = map(numbers_only, kept[position:])
            self.tokens.append(tokens[position])
            self.logits.append(self.as_logits(logits))
            self.probs.append(self.as_probs(microgpt.softmax(logits)))
            self.distributions.append(self.distribution(self.probs[-1]))

    def read(self, text, temperature=1.0):
        """The model's prediction at every position of the text, and how good each was.

        Returns {"text", "positions": one dict a position (see look, and price, which adds the
        loss), "mean_nll", "perplexity", "tries", "guessing_nll": the loss of guessing uniformly, "next":
        what may follow the text at the temperature, as Sample draws it (see lay_out), or None
        where the context is full}.
        """
        tokens = microgpt.document(text, self.vocabulary)
        seen = tokens[:-1][: microgpt.block_size]  # STOP is predicted, never read
        self.read_tokens(seen)
        positions = [self.look(position, true) for position, true in zip(range(len(seen)), tokens[1:])]
        return {
            "text": text,
            "positions": positions,
            **self.price(positions, tokens),
            "guessing_nll": math.log(self.sentinel + 1),
            "next": self.lay_out(self.next_probs(text, temperature)) if len(text) < microgpt.block_size else None,
        }

    def look(self, position, true):
        """The prediction at one position against the token that truly follows.

        Returns {"token", "true", "guess": the likeliest, "right", "p_true", and "candidates" and
        "other" (see distribution)}.
        """
        probs = self.probs[position]
        guess, true_name = self.distributions[position]["candidates"][0]["token"], self.name(true, STOP)
        return {
            "token": self.name(self.tokens[position], START),
            "true": true_name,
            "guess": guess,
            "right": guess == true_name,
            "p_true": probs[true].data,
            **self.distributions[position],
        }

    def price(self, positions, tokens):
        """Add to each position its loss, "nll". Returns {"mean_nll", "perplexity", "tries"} (see those functions)."""
        for position, probs, true in zip(positions, self.probs, tokens[1:]):
            position["nll"] = self.loss(probs, true)
        mean_nll = math.fsum(position["nll"] for position in positions) / len(positions)
        return {
            "mean_nll": mean_nll,
            "perplexity": perplexity(mean_nll),
            "tries": tries(positions) if positions[-1]["true"] == STOP else None,  # or else it has not ended
        }

    def loss(self, probs, true):
        """What the truth costs where this was predicted."""
        return microgpt.nll(probs, true).data

    def distribution(self, probs):
        """A distribution, likeliest first.

        Returns {"candidates": [{"token", "p"}, ...], all of them, and "other": {"count", "p"}, the
        sum of all but the first few}.
        """
        candidates = [
            {"token": self.name(token, STOP), "p": probs[token].data} for token, _, _ in microgpt.intervals(probs)
        ]
        rest = candidates[N_SHOWN:]
        return {"candidates": candidates, "other": {"count": len(rest), "p": math.fsum(c["p"] for c in rest)}}

    def lay_out(self, probs):
        """The same, laid on the line from 0 to 1: "low" and "high" of every candidate, "low" of other, too."""
        laid = self.distribution(probs)
        for candidate, (_, low, high) in zip(laid["candidates"], microgpt.intervals(probs)):
            candidate.update(low=low, high=high)
        laid["other"]["low"] = laid["candidates"][N_SHOWN]["low"] if laid["other"]["count"] else 1.0
        return laid

    def next_probs(self, text, temperature):
        """What may follow the text: a probability for every token, as Values."""
        self.read_tokens([self.sentinel, *microgpt.encode(text, self.vocabulary)])
        return self.as_probs(microgpt.softmax([logit / temperature for logit in self.logits[len(text)]]))

    def as_logits(self, values):
        """What gpt() gave. Whoever does not trust it has a look here, and at the next (see checked_lesson.py)."""
        return numbers_only(values)

    def as_probs(self, values):
        """What softmax() gave."""
        return numbers_only(values)

    def draw(self, text, temperature, seed, n):
        """The n-th draw of a seed, counted from 0, made after `text`.

        Returns {"number": the random number, "token", "p", "low", "high": the interval it fell
        into, "from_other", "stops", "temperature", and "candidates" and "other" (see lay_out)}.
        """
        probs = self.next_probs(text, temperature)
        number = random_number(seed, n)
        token, low, high = microgpt.sample(probs, number)
        laid = self.lay_out(probs)
        return {
            "number": number,
            "token": self.name(token, STOP),
            "p": probs[token].data,
            "low": low,
            "high": high,
            "from_other": low >= laid["other"]["low"],
            "stops": token == self.sentinel,
            "temperature": temperature,
            **laid,
        }

    def show(self, text, temperature, seed, draws):
        """Everything the page shows of one state of the sandbox.

        draws: the temperature of each draw made after the text, in order. Returns the reading
        (see read) of the text with what was drawn, plus "draws" (see draw), fewer than asked for
        where STOP or the end of the context came first, and "ended": None, "stop" or "context".
        """
        drawn, ended = [], None
        for n, draw_temperature in enumerate(draws):
            if ended:
                break
            drawn.append(self.draw(text, draw_temperature, seed, n))
            if drawn[-1]["stops"]:
                ended = "stop"
            else:
                text += drawn[-1]["token"]
                ended = "context" if len(text) == microgpt.block_size else None
        return {**self.read(text, temperature), "draws": drawn, "ended": ended}

    def show_beside(self, shown, *question):
        """The answer of show() to a question, to stand behind another model's picture of it.

        shown: the tokens that have a bar of their own there, at each position and then in "next". Here "rest" is the
        sum of all others: what to compare with the other model's "other".
        """
        answer = self.show(*question)
        for distribution, tokens in zip([*answer["positions"], answer["next"]], shown):
            if distribution:
                ps = [each["p"] for each in distribution["candidates"] if each["token"] not in tokens]
                distribution["rest"] = math.fsum(ps)
        return answer

    def names(self, temperature, seed, count):
        """That many whole texts, one after the other from the random numbers of one seed."""
        rng = random.Random(seed)
        return [microgpt.generate(self.weights, self.vocabulary, temperature, rng) for _ in range(count)]

    def sha256(self):
        """The digests of code and weights as they were loaded: {path: digest} (see proof.py)."""
        import proof  # when it is asked for: what takes digests takes a while to load

        return {"py/microgpt.py": proof.sha256(), "weights/microgpt.json": proof.sha256_of_weights(self.weights_text)}

    def weights_file(self):
        """The text of the file of its weights."""
        return self.weights_text

    def average_loss(self, texts):
        """The mean of -log p over all characters of these texts, and the STOP after each."""
        nlls = [nll for text in texts for nll in self.nlls_of(text)]
        return math.fsum(nlls) / len(nlls)

    def nlls_of(self, text):
        """The loss at every position of a text; it is read beside what the page shows, and only once."""
        if text not in self.nlls:
            tokens = microgpt.document(text, self.vocabulary)
            keys, values = microgpt.empty_cache(), microgpt.empty_cache()
            nlls = []
            for position, true in enumerate(tokens[1 : microgpt.block_size + 1]):
                probs = self.as_probs(
                    microgpt.softmax(microgpt.gpt(tokens[position], position, keys, values, self.weights))
                )
                nlls.append(microgpt.nll(probs, true).data)
            self.nlls[text] = nlls
        return self.nlls[text]

    def any_seed(self, lowest, highest):
        """The seed of a round of the game that nobody has named."""
        return random.randint(lowest, highest)

    def spread(self, chips):
        """What chips on the tokens say in the game: {"p": as game.spread() has it, "share": what one without any has}."""
        game = the_game()
        return {"p": game.spread(chips), "share": game.share(chips) / game.N_CHIPS}

    def judge(self, seed, number, position, chips):
        """A bet in the game on what follows the first characters of a hidden name, so many as the position says.

        Returns {"true": what does, and the rest as game.judge() has it}: nothing that comes later.
        """
        return self.bet(the_game().hidden_name(seed, number, self.vocabulary), position, chips)

    def bet(self, text, position, chips):
        """The same for a text that is not hidden."""
        tokens = microgpt.document(text, self.vocabulary)
        if not 0 <= position <= len(text):
            raise ValueError(f"No position {position} is left in this name.")
        self.read_tokens(tokens[: position + 1])
        true = tokens[position + 1]
        return {"true": self.name(true, STOP), **the_game().judge(chips, self.probs[position], true)}

    def standing(self, losses, spans):
        """Who stands where in the game. losses: [(yours, the model's), ...], of every bet so far.

        spans: {name: which of them, by number, at least one}. Returns {name: as game.score() has it, of each span,
        "blind": the loss of guessing blindly, "running": as game.running() has it, of all}.
        """
        game, n_tokens = the_game(), self.sentinel + 1
        blind = game.loss([Value(p) for p in game.spread([0] * n_tokens)], self.sentinel)
        scores = {name: game.score([losses[i] for i in span]) for name, span in spans.items()}
        return {**scores, "blind": blind, "running": game.running(losses)}

    def learn(self, weights_text):
        """Have other weights beside one's own, for by_learned(), in the place of those before them; none for None.

        Returns {"vocabulary", "training": as their file has it}. Raises ValueError, in words for a person, if they are
        no weights of this model; then those before them are still there.
        """
        self.learned = weights_text and type(self)(weights_text)
        return self.learned and {"vocabulary": self.learned.vocabulary, "training": self.learned.training}

    def by_learned(self, method, arguments):
        """What the lesson on the other weights answers to a method's name and a list of arguments."""
        if self.learned is None:
            raise ValueError("There are no learned weights here.")
        return getattr(self.learned, method)(*arguments)

    def name(self, token, sentinel_name):
        return sentinel_name if token == self.sentinel else self.vocabulary[token]

    def answer(self, method, arguments):
        """A call from the page: the method's name and its arguments as a JSON list, JSON back."""
        gc.disable()  # a pass makes thousands of values and no cycles: nothing to collect
        try:
            return json.dumps(getattr(self, method)(*json.loads(arguments)))
        finally:
            gc.enable()


def the_game():
    """game.py, loaded when somebody plays: its names are many."""
    import game

    return game


def perplexity(mean_nll):
    """How many equally likely tokens would be as hard to guess: e^loss. A fair die of that many faces."""
    return math.exp(min(mean_nll, LARGEST))


def tries(positions):
    """How many texts the model would write, on average, until it writes exactly this one: 1 / its probability.

    positions: see Lesson.look(). The probability of a text is the product of p_true over all of them. None if the
    number is too large for a computer's: an edited model can find anything impossible.
    """
    nll = math.fsum(position["nll"] for position in positions)
    return math.exp(nll) if nll < LARGEST else None


def numbers_only(values):
    """The same numbers without the graph they came from, which would be kept alive for nothing."""
    return [Value(value.data) for value in values]


def random_number(seed, n):
    """The n-th random number of a seed, counted from 0."""
    rng = random.Random(seed)
    for _ in range(n):
        rng.random()
    return rng.random()


def start(weights_text):
    """The lesson on these weights, for the page's worker."""
    return settled(Lesson(weights_text))


def settled(lesson):
    """The lesson, when it is all that will be loaded: what is there by now stays, and is not searched for garbage again."""
    gc.freeze()
    return lesson
