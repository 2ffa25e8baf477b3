// Replays a traced training step (py/tracing.py), laid out in memory by py/layout.py. AssemblyScript: TypeScript's
// looks, WebAssembly's numbers. exp, log and power come from the same published routines as those of C's libraries.

// What a run does, in the order of OPERATIONS in py/tape.py; and a sum, into one place.
const MULTIPLY_ADD = 0, DIVIDE = 1, POWER = 2, SQRT = 3, EXP = 4, LOG = 5, TANH = 6, SIN = 7, COS = 8, ABS = 9;
const MAX = 10, MIN = 11, GREATER = 12, GREATER_OR_EQUAL = 13, EQUAL = 14, SUM = 15;
const IN_PAIRS = 16; // added to the kind of a run that may be done two at a time

// A run, as Runs.packed() has it: addresses in bytes, and how far each is from that of the next time.
@unmanaged
class Run {
  kind: i32; shortest: i32; count: i32; next: usize;
  result: usize; a: usize; x: usize; y: usize;
  resultStep: usize; aStep: usize; xStep: usize; yStep: usize;
}

// A tape, as Layout.packed() has it.
@unmanaged
class Tape {
  gradient: usize; gradientEnd: usize; update: usize; updateEnd: usize;
  grads: usize; sums: usize; nParameters: i32; current: usize; changed: usize; nChanged: i32;
  step: usize; length: usize; tokens: usize; nTokens: i32; nPositions: i32; loss: usize;
}

/** The address from which on the memory is free. */
export function start(): usize {
  return __heap_base;
}

/** Sees to it that there is memory up to an address. */
export function reach(end: usize): void {
  const missing = <i32>((end + 0xffff) >> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

/**
 * Makes steps, each on `batch` texts: the mean of their gradients, where each counts as often as it has predictions, then
 * the update, once. Returns how many it made: it stops before one in which anything is not finite, with nothing changed
 * by it.
 *
 * tapes: the address of a Tape for each number of positions. texts: of each, how many tokens, and the tokens. losses: a
 * place for each step.
 */
export function replay(tapes: usize, texts: usize, batch: i32, firstStep: i32, nSteps: i32, losses: usize): i32 {
  for (let step = 0; step < nSteps; step++) {
    let tape: Tape = changetype<Tape>(<usize>0);
    let loss = 0.0, weights = 0.0, strange = 0.0;
    for (let text = 0; text < batch; text++) {
      const length = load<i32>(texts) - 1;
      tape = changetype<Tape>(load<usize>(tapes + length * 4));
      fillIn(tape, texts + 4, length);
      strange += run(tape.gradient, tape.gradientEnd, length);
      const weight: f64 = batch > 1 ? length : 1;
      loss += load<f64>(tape.loss) * weight;
      weights += weight;
      if (batch > 1) addUp(tape, weight, text == 0);
      texts += 4 * (length + 2);
    }
    if (batch > 1) average(tape, weights);
    loss /= weights;
    store<f64>(tape.step, firstStep + step);
    strange += run(tape.update, tape.updateEnd, 0);
    for (let i = 0; i < tape.nChanged; i++) strange += without(load<f64>(tape.changed + 8 * i));
    if (strange + without(loss) != 0) return step;
    memory.copy(tape.current, tape.changed, 8 * tape.nChanged);
    store<f64>(losses + 8 * step, loss);
  }
  return nSteps;
}

/** 0 for every finite number, NaN for the others: adding these up tells whether there was one. */
// @ts-ignore: decorator
@inline
function without(x: f64): f64 {
  return x - x;
}

function fillIn(tape: Tape, tokens: usize, length: i32): void {
  store<f64>(tape.length, length);
  const size = 8 * (tape.nTokens + 1);
  memory.fill(tape.tokens, 0, size * (tape.nPositions + 1));
  for (let i = 0; i <= tape.nPositions; i++) {
    const token = i <= length ? load<i32>(tokens + 4 * i) : tape.nTokens;
    store<f64>(tape.tokens + size * i + 8 * token, 1);
  }
}

function addUp(tape: Tape, weight: f64, first: boolean): void {
  for (let i = 0; i < 8 * tape.nParameters; i += 8) {
    const grad = load<f64>(tape.grads + i) * weight;
    store<f64>(tape.sums + i, first ? grad : load<f64>(tape.sums + i) + grad);
  }
}

function average(tape: Tape, weights: f64): void {
  for (let i = 0; i < 8 * tape.nParameters; i += 8) store<f64>(tape.grads + i, load<f64>(tape.sums + i) / weights);
}

/** Does what these runs say, for a text of so many positions. Returns 0, or NaN if Python might have raised an error. */
function run(at: usize, end: usize, length: i32): f64 {
  let strange = 0.0;
  while (at < end) {
    const run = changetype<Run>(at);
    if (run.shortest > length) {
      at = run.next;
      continue;
    }
    at += offsetof<Run>();
    const resultStep = run.resultStep, aStep = run.aStep, xStep = run.xStep, yStep = run.yStep;
    let kind = run.kind, count = run.count, result = run.result, a = run.a, x = run.x, y = run.y;
    if (kind & IN_PAIRS) {
      kind -= IN_PAIRS;
      const done = count & ~1;
      if (kind == MULTIPLY_ADD) multiplyAddPairs(run, done);
      else strange += computePairs(kind, run, done);
      if (done == count) continue;
      count = 1; // the last one of an odd number
      result += done * resultStep;
      a += done * aStep;
      x += done * xStep;
      y += done * yStep;
    }
    if (kind == SUM) {
      let sum = load<f64>(a);
      do {
        sum += load<f64>(x) * load<f64>(y);
        x += xStep;
        y += yStep;
      } while (--count);
      store<f64>(result, sum);
    } else if (kind == MULTIPLY_ADD) {
      do {
        store<f64>(result, load<f64>(a) + load<f64>(x) * load<f64>(y));
        result += resultStep;
        a += aStep;
        x += xStep;
        y += yStep;
      } while (--count);
    } else {
      do {
        const number = compute(kind, load<f64>(x), load<f64>(y));
        strange += without(number);
        store<f64>(result, number);
        result += resultStep;
        x += xStep;
        y += yStep;
      } while (--count);
    }
  }
  return strange;
}

/** Does the first so many of a run, an even number. */
// @ts-ignore: decorator
@inline
function multiplyAddPairs(run: Run, count: i32): void {
  const aStep = 2 * run.aStep, xStep = 2 * run.xStep, yStep = 2 * run.yStep;
  let a = run.a, x = run.x, y = run.y, result = run.result;
  const stop = result + 8 * count;
  if (aStep == 16 && xStep == 16 && yStep == 0) { // most of them: a vector is added to a vector, times one number
    const number = v128.load_splat<f64>(y);
    a -= result;
    x -= result;
    for (; result < stop; result += 16) {
      v128.store(result, f64x2.add(v128.load(a + result), f64x2.mul(v128.load(x + result), number)));
    }
    return;
  }
  for (; result < stop; result += 16) {
    v128.store(result, f64x2.add(pair(a, aStep), f64x2.mul(pair(x, xStep), pair(y, yStep))));
    a += aStep;
    x += xStep;
    y += yStep;
  }
}

/** The same of quotients or square roots. Returns 0, or NaN if one of them is not finite. */
function computePairs(kind: i32, run: Run, count: i32): f64 {
  const xStep = 2 * run.xStep, yStep = 2 * run.yStep, stop = run.result + 8 * count;
  let x = run.x, y = run.y, strange = f64x2.splat(0);
  for (let result = run.result; result < stop; result += 16) {
    const numbers = kind == DIVIDE ? f64x2.div(pair(x, xStep), pair(y, yStep)) : f64x2.sqrt(pair(x, xStep));
    strange = f64x2.add(strange, f64x2.sub(numbers, numbers));
    v128.store(result, numbers);
    x += xStep;
    y += yStep;
  }
  return f64x2.extract_lane(strange, 0) + f64x2.extract_lane(strange, 1);
}

/** The number there and the next, or, without a step, the same one twice. */
// @ts-ignore: decorator
@inline
function pair(at: usize, step: usize): v128 {
  return step ? v128.load(at) : v128.load_splat<f64>(at);
}

// @ts-ignore: decorator
@inline
function compute(kind: i32, x: f64, y: f64): f64 {
  switch (kind) {
    case DIVIDE: return x / y;
    case POWER: return Math.pow(x, y);
    case SQRT: return Math.sqrt(x);
    case EXP: return Math.exp(x);
    case LOG: return Math.log(x);
    case TANH: return Math.tanh(x);
    case SIN: return Math.sin(x);
    case COS: return Math.cos(x);
    case ABS: return Math.abs(x);
    case MAX: return y > x ? y : x; // as Python's: of two that are equal, and beside NaN, the first
    case MIN: return y < x ? y : x;
    case GREATER: return x > y ? 1 : 0;
    case GREATER_OR_EQUAL: return x >= y ? 1 : 0;
    case EQUAL: return x == y ? 1 : 0;
    default: return NaN;
  }
}
