// Sample: draw one character at random by its probability, append it, repeat; STOP ends it.

import { SEEDS, TEMPERATURES } from "../state.js";
import { phrase, say } from "../words/say.js";
import { steadyAxis } from "./axis.js";
import { bars } from "./bars.js";
import { data, decimals, element, number, percent, setText, setToken, setTokens } from "./element.js";
import { lineMoment, lastDrawMoment } from "./moments.js";
import { strip } from "./strip.js";
import { headedTable } from "./table.js";
import { tokenList } from "./tokens.js";

const HOLD = 900; // ms for which a fresh draw's own line is shown before the next distribution takes its place
const PACE = 1500; // ms from one draw to the next while playing

/**
 * act: { draw(), undo(), reset(), seed(value), temperature(value), names() → promise of a list }.
 * Returns { node, update({ picture, state, compared }), pause(), watching() }.
 */
export function sampleView(act) {
  const tokens = tokenList();
  const line = strip();
  line.node.setAttribute("data-part", "intervals");
  const distribution = bars(say("probabilities"));
  const draw = button("draw", act.draw, "button.primary");
  draw.setAttribute("data-part", "draw");
  const play = button("play", () => (playing ? pause() : start()));
  const paused = (act) => () => {
    pause();
    act();
  };
  const undo = button("undo", paused(act.undo));
  const reset = button("reset", paused(act.reset));
  const seed = seedField(act.seed);
  const temperature = temperatureField(act.temperature);
  const axis = steadyAxis();
  const told = element("span");
  const ended = element("b.ended");
  const table = drawsTable();
  const generated = generatedNames(act.names);
  const node = element(
    "div",
    {},
    tokens.node,
    line.node,
    element("p.moment", {}, told, " ", ended),
    element("div.controls", {}, draw, play, undo, reset, seed.node, temperature.node, seed.message),
    element("div.columns", {}, distribution.node, table.node),
    generated.node,
  );

  let playing = null; // the timer of the next draw
  let typed = null; // what the draws come after
  let hold = null; // the timer that ends the showing of a fresh draw
  let seen = null; // how many draws were shown last

  function start() {
    setText(play, say("pause"));
    playing = setInterval(act.draw, PACE);
    act.draw();
  }

  function pause() {
    clearInterval(playing);
    playing = null;
    setText(play, say("play"));
  }

  return {
    node,
    pause,
    watching: () => false, // each draw is news
    update({ picture, state, compared = null }) {
      const { draws } = picture;
      if (picture.ended || state.text !== typed) pause();
      typed = state.text;
      for (const each of [draw, play]) each.disabled = picture.ended !== null;
      for (const each of [undo, reset]) each.disabled = draws.length === 0;
      seed.update(state.seed);
      temperature.update(state.temperature);
      generated.update(state);
      const names = ["START", ...picture.text, ...(picture.ended === "stop" ? ["STOP"] : [])];
      tokens.update(names, names.length - 1, names.length - draws.length);
      setText(told, draws.length ? lastDrawMoment(draws.at(-1)) : lineMoment(names));
      setText(ended, picture.ended ? phrase(`ended_${picture.ended}`, { positions: picture.positions.length }) : "");
      table.update(draws);

      const fresh = seen !== null && draws.length === seen + 1;
      seen = draws.length;
      clearTimeout(hold);
      const last = draws.at(-1);
      const showNext = () => {
        node.classList.remove("fresh");
        if (picture.ended) line.update(last, last);
        else line.update(picture.next);
      };
      const bars = picture.ended ? last : picture.next;
      const others = picture.ended ? null : compared?.next;
      distribution.update(bars, null, axis(picture.text, others ? [bars, others] : [bars]), others);
      if (fresh) {
        node.classList.remove("fresh");
        void node.offsetWidth; // so that the marker falls anew
        node.classList.add("fresh");
        line.update(last, last);
        hold = setTimeout(showNext, HOLD);
      } else showNext();
    },
  };
}

function button(word, onclick, kind = "button") {
  return element(kind, { type: "button", onclick }, say(word));
}

function seedField(choose) {
  const input = element("input", { type: "number", ...SEEDS, step: 1, inputmode: "numeric" });
  const message = element("p.refusal", { role: "alert" });
  input.addEventListener("change", () => {
    const valid = input.value !== "" && input.validity.valid;
    setText(message, valid ? "" : say("seed_refused", { ...SEEDS, seed: input.defaultValue }));
    if (valid) choose(input.valueAsNumber);
    else input.value = input.defaultValue;
  });
  input.addEventListener("input", () => setText(message, ""));
  // The wheel would count the seed up and down, where the person only scrolls: it does not in a field that is read only.
  input.addEventListener("wheel", () => {
    input.readOnly = true;
    setTimeout(() => (input.readOnly = false));
  });
  const next = button(
    "next_seed",
    () => choose(Number(input.defaultValue) === SEEDS.max ? 0 : Number(input.defaultValue) + 1),
    "button.quiet",
  );
  return {
    node: element("span.field", {}, element("label", {}, say("seed"), input), next),
    message,
    update(seed) {
      if (input.defaultValue === String(seed)) return; // the field may hold a seed half typed
      setText(message, "");
      input.defaultValue = seed;
      input.value = seed;
    },
  };
}

function temperatureField(choose) {
  const input = element("input", { type: "range", ...TEMPERATURES });
  const value = data();
  input.addEventListener("input", () => choose(input.valueAsNumber));
  return {
    node: element("span.field", { "data-part": "temperature" }, element("label", {}, say("temperature"), input), value),
    update(temperature) {
      if (input.valueAsNumber !== temperature) input.value = temperature;
      number(value, temperature, decimals(2));
      input.setAttribute("aria-valuetext", temperature.toFixed(2));
    },
  };
}

/** Every draw so far: the random number, and the interval it fell into. */
function drawsTable() {
  const headings = ["number", "picture", "random", "interval", "character", "probability"].map(
    (each) => `draw_${each}`,
  );
  const { table, body } = headedTable("table.draws", say("draws_table"), headings);
  body.setAttribute("data-part", "draw");
  const empty = element("p.hint", {}, say("no_draws"));
  const rows = [];
  return {
    node: element("div.scroll", {}, table, empty),
    update(draws) {
      table.hidden = draws.length === 0;
      empty.hidden = draws.length > 0;
      draws.forEach((draw, i) => {
        if (!rows[i]) {
          rows[i] = drawRow(i);
          body.append(rows[i].node);
        }
        rows[i].update(draw);
      });
      for (const extra of rows.splice(draws.length)) extra.node.remove();
    },
  };
}

function drawRow(i) {
  const picture = strip();
  const random = data();
  const low = data();
  const high = data();
  const token = element("b");
  const origin = element("span.note");
  const p = data();
  const node = element(
    "tr",
    {},
    element("th", { scope: "row" }, String(i + 1)),
    element("td", {}, picture.node),
    element("td", {}, random),
    element("td", {}, low, " – ", high),
    element("td", {}, token, origin),
    element("td", {}, p),
  );
  return {
    node,
    update(draw) {
      picture.update(draw, draw);
      number(random, draw.number, decimals(4));
      number(low, draw.low, decimals(4));
      number(high, draw.high, decimals(4));
      number(p, draw.p, percent);
      setToken(token, draw.token);
      setText(origin, draw.from_other ? say("from_other") : "");
    },
  };
}

function listed(name) {
  const item = element("li");
  if (name === "") setText(item, phrase("empty_name"));
  else setTokens(item, name);
  return item;
}

/** Twenty whole names from the seed and temperature of now, when asked for; put away when those change. */
function generatedNames(make) {
  const list = element("ol.names", { "aria-label": say("names_list"), hidden: "" });
  const refusal = element("p.refusal", { role: "alert" });
  const source = { seed: null, temperature: null };
  let onTheirWay = null; // the names asked for last, until they are there
  const generate = button("generate", async () => {
    const { seed, temperature } = source;
    const asked = `${seed} ${temperature}`;
    if (asked === onTheirWay) return;
    onTheirWay = asked;
    try {
      const names = await make();
      if (seed !== source.seed || temperature !== source.temperature) return;
      list.replaceChildren(...names.map(listed));
      list.hidden = false;
      setText(refusal, "");
    } catch (error) {
      setText(refusal, error.message);
    } finally {
      if (asked === onTheirWay) onTheirWay = null;
    }
  });
  return {
    node: element("div.generate", {}, generate, refusal, list),
    update({ seed, temperature }) {
      setText(refusal, "");
      if (seed === source.seed && temperature === source.temperature) return;
      Object.assign(source, { seed, temperature });
      list.hidden = true;
    },
  };
}
