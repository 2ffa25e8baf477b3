"""microgpt: a whole language model, from characters to gradients, in plain Python.

A language model is four things in a trenchcoat. Here are all four, and the training that
makes them any good, with nothing hidden in a library:

    1. a tokenizer      text    ->  tokens, each by its id, an integer
    2. a forward pass   tokens  ->  a probability for every possible next token
    3. a loss           how little probability the truth was given, as one number
    4. a sampler        probabilities  ->  one token, drawn at random

The words the code uses:

    token          one character, or the sentinel; here always its id, an integer
    sentinel       the one token that is no character: START before a text, STOP after it
    logit          a score for one possible next token: any number, higher is likelier
    probs          what softmax makes of the logits: from 0 to 1 each, adding up to 1
    keys, values   for each layer, what every position so far offers to the later ones
    weights        a dictionary of matrices, each a list of rows: all that training changes
    nll            negative log-likelihood, -log p(true): the loss of one prediction

The architecture is GPT-2's (Radford et al., 2019) with RMSNorm (Zhang & Sennrich, 2019) for
LayerNorm, ReLU for GeLU, and no biases. Shapes stand in brackets: (16,) is a vector of 16.
"""

import math
import random

n_layer = 1  # blocks of attention and MLP, one on top of the other
n_embd = 16  # numbers that describe one position
n_head = 4  # attention heads, each free to look for something else
head_dim = n_embd // n_head  # numbers of each position that one head sees
block_size = 16  # positions the model can see, START among them


# ---- Numbers that remember how they were computed -------------------------------------


class Value:
    """A number, the values it was computed from, and its derivative by each of them."""

    __slots__ = ("data", "grad", "inputs", "local_grads")

    def __init__(self, data, inputs=(), local_grads=()):
        self.data = data  # the number
        self.grad = 0.0  # d loss / d self, once loss.backward() has run
        self.inputs = inputs  # the values it was computed from
        self.local_grads = local_grads  # d self / d input, for each of them

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1.0, 1.0))
        return Value(self.data + other, (self,), (1.0,))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, (self, other), (other.data, self.data))
        return Value(self.data * other, (self,), (other,))

    def __pow__(self, n):  # n is a plain number
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def exp(self):
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self):
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def relu(self):
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))

    __radd__ = __add__  # number + value, and so sum(), which starts at 0
    __rmul__ = __mul__

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -other

    def __rsub__(self, other):
        return -self + other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        """Add d self / d value to the grad of every value this one was computed from.

        The chain rule, from this value back to the inputs of its inputs.
        """
        order = []
        self.topological_sort(order, set())
        self.grad = 1.0
        for value in reversed(order):
            grad = value.grad
            for source, local_grad in zip(value.inputs, value.local_grads):
                source.grad += local_grad * grad

    def topological_sort(self, order, seen):
        """Append to order all that this value was computed from, inputs first, itself last."""
        seen.add(self)
        for source in self.inputs:
            if source not in seen:
                source.topological_sort(order, seen)
        order.append(self)


def dot(a, b):
    """The dot product a[0] b[0] + a[1] b[1] + ... of two vectors (n,), as a single value."""
    total = 0.0
    for x, y in zip(a, b, strict=True):
        total += x.data * y.data
    # One value for the whole sum, not 2n: the same mathematics, several times faster.
    return Value(total, (*a, *b), (*[y.data for y in b], *[x.data for x in a]))


# ---- 1. The tokenizer -----------------------------------------------------------------


def encode(text, vocabulary):
    """The tokens of a text: each character's place in the vocabulary, a string."""
    return [vocabulary.index(char) for char in text]


def decode(tokens, vocabulary):
    """The text of these tokens, none of which is the sentinel."""
    return "".join(vocabulary[token] for token in tokens)


def sentinel(vocabulary):
    """The token after the last character's. It reads START in front and STOP at the end."""
    return len(vocabulary)


def document(text, vocabulary):
    """A text as the model is trained on it: START, its tokens, STOP."""
    edge = sentinel(vocabulary)
    return [edge, *encode(text, vocabulary), edge]


# ---- 2. The forward pass --------------------------------------------------------------


def init_weights(vocabulary, rng=random, std=0.08):
    """Weights that know nothing yet: Gaussian noise of mean 0 in every matrix."""

    def matrix(rows, columns):
        return [[Value(rng.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]

    n_tokens = len(vocabulary) + 1
    weights = {
        "wte": matrix(n_tokens, n_embd),  # token embedding: a vector for each token
        "wpe": matrix(block_size, n_embd),  # position embedding: a vector for each position
        "lm_head": matrix(n_tokens, n_embd),  # output: a row that scores each next token
    }
    for layer in range(n_layer):
        weights |= {
            f"layer{layer}.wq": matrix(n_embd, n_embd),  # attention: query, what am I after?
            f"layer{layer}.wk": matrix(n_embd, n_embd),  # key, what do I have to offer?
            f"layer{layer}.wv": matrix(n_embd, n_embd),  # value, what do I pass on?
            f"layer{layer}.wo": matrix(n_embd, n_embd),  # the heads' findings, put together
            f"layer{layer}.mlp_up": matrix(4 * n_embd, n_embd),
            f"layer{layer}.mlp_down": matrix(n_embd, 4 * n_embd),
        }
    return weights


def parameters(weights):
    """Every single number in the weights, in a fixed order."""
    return [p for matrix in weights.values() for row in matrix for p in row]


# region overview-pipeline-helpers
def linear(x, matrix):
    """Matrix times vector: (n_in,), (n_out, n_in) -> (n_out,)."""
    return [dot(row, x) for row in matrix]


def softmax(logits):
    """Any numbers to probabilities: exp(logit) / sum of exp(logits). (n,) -> (n,)."""
    biggest = max(logit.data for logit in logits)  # cancels out; keeps exp() from overflowing
    exps = [(logit - biggest).exp() for logit in logits]
    scale = 1 / sum(exps)
    return [e * scale for e in exps]


def rmsnorm(x):
    """Scale a vector so that its mean square is 1. (n,) -> (n,)."""
    mean_square = dot(x, x) / len(x)
    scale = (mean_square + 1e-5) ** -0.5
    return [xi * scale for xi in x]
# endregion


def empty_cache():
    """The keys, and the values, of no position yet: an empty list for every layer."""
    return [[] for _ in range(n_layer)]


# region gpt
def gpt(token, position, keys, values, weights):
    """One token in, a logit for every possible next token out: (n_tokens,).

    Adds this position's key and value to keys and values, which hold those of the positions
    before it. That is all the model remembers of them, so they never need to be read again.
    """
    x = [t + p for t, p in zip(weights["wte"][token], weights["wpe"][position])]
    x = rmsnorm(x)
    for layer in range(n_layer):
        # Attention: look back, and fetch from each earlier position what is of use here.
        residual = x
        x = rmsnorm(x)
        query = linear(x, weights[f"layer{layer}.wq"])
        keys[layer].append(linear(x, weights[f"layer{layer}.wk"]))
        values[layer].append(linear(x, weights[f"layer{layer}.wv"]))
        heads = []
        for start in range(0, n_embd, head_dim):
            head = slice(start, start + head_dim)
            scores = [dot(query[head], key[head]) / head_dim**0.5 for key in keys[layer]]
            attention = softmax(scores)  # (position + 1,): how much to fetch from where
            columns = zip(*[value[head] for value in values[layer]])
            heads += [dot(attention, column) for column in columns]
        x = linear(heads, weights[f"layer{layer}.wo"])
        x = [xi + ri for xi, ri in zip(x, residual)]
        # MLP: think about what was fetched, each position for itself.
        residual = x
        x = rmsnorm(x)
        x = linear(x, weights[f"layer{layer}.mlp_up"])
        x = [xi.relu() for xi in x]
        x = linear(x, weights[f"layer{layer}.mlp_down"])
        x = [xi + ri for xi, ri in zip(x, residual)]
    return linear(x, weights["lm_head"])
# endregion


# ---- 3. The loss, and how training lowers it ------------------------------------------


def nll(probs, true_token):
    """The loss of one prediction, -log p(true): 0 if the truth was certain, more if not."""
    return -probs[true_token].log()


# region overview-training-step
def mean_nll(tokens, weights):
    """The loss of a whole document: at each position, predict the next token; then average."""
    keys, values = empty_cache(), empty_cache()
    losses = []
    for position, (token, true_token) in enumerate(zip(tokens, tokens[1:])):
        probs = softmax(gpt(token, position, keys, values, weights))
        losses.append(nll(probs, true_token))
    return sum(losses) / len(losses)


def training_step(tokens, weights, moments, step, n_steps, learning_rate, beta1=0.85, beta2=0.99):
    """One document, one small change to every parameter, so that its loss would be lower.

    moments holds Adam's two running averages (Kingma & Ba, 2014) for each parameter, [0, 0]
    at first; step counts from 0. Returns the loss before the change, as a Value.
    """
    loss = mean_nll(tokens, weights)
    loss.backward()
    rate = learning_rate * (1 - step / n_steps)  # linearly down to 0
    for p, moment in zip(parameters(weights), moments):
        moment[0] = beta1 * moment[0] + (1 - beta1) * p.grad  # where the gradient points
        moment[1] = beta2 * moment[1] + (1 - beta2) * p.grad**2  # how large it tends to be
        mean = moment[0] / (1 - beta1 ** (step + 1))  # both began at 0: make up for it
        mean_square = moment[1] / (1 - beta2 ** (step + 1))
        p.data -= rate * mean / (mean_square**0.5 + 1e-8)
        p.grad = 0.0
    return loss
# endregion


# ---- 4. The sampler -------------------------------------------------------------------


def intervals(probs):
    """Lay the probabilities end to end from 0 to 1, likeliest first: (token, low, high) each."""
    laid, low = [], 0.0
    for token in sorted(range(len(probs)), key=lambda token: -probs[token].data):
        laid.append((token, low, low + probs[token].data))
        low += probs[token].data
    return laid


def sample(probs, number):
    """Where a random number from 0 to 1 lands on the probabilities: (token, low, high)."""
    for token, low, high in intervals(probs):
        if number < high:
            break  # if rounding leaves a gap below 1, the last token has it
    return token, low, high


def generate(weights, vocabulary, temperature=1.0, rng=random):
    """A new text: draw a token, append it, repeat, until STOP or the end of the context.

    A low temperature sharpens the distribution, a high one flattens it, 1 leaves it alone.
    """
    keys, values = empty_cache(), empty_cache()
    token, text = sentinel(vocabulary), []
    for position in range(block_size):
        logits = gpt(token, position, keys, values, weights)
        probs = softmax([logit / temperature for logit in logits])
        token, _, _ = sample(probs, rng.random())
        if token == sentinel(vocabulary):
            break
        text.append(token)
    return decode(text, vocabulary)
