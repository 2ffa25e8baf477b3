// The curve of a run: the loss of each step, its running mean, the held-out loss where it was measured, and two lines to
// measure them by. Drawn by uPlot; what is pointed at is for the room to say, and to look at.

import uPlot from "uplot";
import { data, element, number, setText } from "../views/element.js";
import { nats } from "../views/nats.js";
import { say } from "./say.js";

const HEIGHT = 240; // px
const SHORTEST = 20; // steps that the drawing has room for at first
const LINES = ["loss", "mean", "held_out", "guessing", "shipped"];
const DASHES = { guessing: [2, 4], shipped: [8, 4] };
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000]; // between labels
const ROOM = 0.06; // of the range of the losses, above and below
const DRAWN = 200; // ms between two drawings of a run that goes on

/**
 * point(step): that is pointed at, null for none. choose(step): pressed. Returns { node, update({ events, moments,
 * standing, cursor: a step to mark, or null }) }.
 */
export function lossCurve({ point, choose }) {
  const keys = Object.fromEntries(LINES.map((line) => [line, legendKey(line)]));
  const legend = element("p.legend", {}, ...LINES.map((line) => keys[line].node));
  const picture = element("div.curve", { "aria-hidden": "true", "data-part": "step" });
  const node = element("figure.training-curve", {}, element("figcaption", {}, say("curve")), legend, picture);
  let shown = null; // what was drawn last
  let late = null; // the timer of a drawing to come
  let drawnAt = 0;
  let plot = null;

  const colour = (line) => getComputedStyle(keys[line].mark).color;
  const ink = () => getComputedStyle(legend).color;
  const grid = () => getComputedStyle(node).borderTopColor;

  function make() {
    const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
    const font = `12px ${getComputedStyle(legend).fontFamily}`;
    return new uPlot(
      {
        width: Math.max(picture.clientWidth, 100),
        height: HEIGHT,
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
        scales: { x: { time: false, range: () => [0, lastStep()] }, y: { range: () => losses() } },
        axes: [
          {
            ...axis,
            font,
            size: 28,
            incrs: STEPS,
            values: (_, ticks) => ticks.map((tick) => tick.toLocaleString("en")),
          },
          { ...axis, font, size: 44 },
        ],
        series: [
          {},
          { stroke: () => colour("loss"), width: 1, alpha: 0.45, points: { show: false } },
          { stroke: () => colour("mean"), width: 2.5, points: { show: false } },
          {
            stroke: () => colour("held_out"),
            width: 0,
            paths: () => null,
            points: { show: true, size: 8, width: 2, stroke: () => colour("held_out"), fill: () => colour("held_out") },
          },
        ],
        hooks: { draw: [drawLines] },
      },
      columns(),
      picture,
    );
  }

  /** How far to the right it goes: as far as the run has come, and some more. */
  function lastStep() {
    const { events, standing } = shown;
    const done = Math.max(SHORTEST, events.at(-1)?.step ?? 0);
    const power = 10 ** Math.floor(Math.log10(done));
    const next = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= done);
    return Math.max(SHORTEST, Math.min(next, Math.max(standing.settings.steps, done)));
  }

  function losses() {
    const { events, moments, standing } = shown;
    let [low, high] = [standing.guessing, standing.guessing];
    const take = (loss) => {
      if (loss === null || !Number.isFinite(loss)) return;
      low = Math.min(low, loss);
      high = Math.max(high, loss);
    };
    for (const event of events) take(event.loss);
    for (const moment of moments) take(moment.held_out);
    take(standing.shipped);
    const room = ROOM * Math.max(high - low, 0.5);
    return [low - room, high + room];
  }

  function columns() {
    const { events, moments } = shown;
    const held = new Map(moments.map((moment) => [moment.step, moment.held_out]));
    const steps = held.has(0) ? [{ step: 0, loss: null, mean: null }, ...events] : events;
    const measured = steps.map(({ step }) => held.get(step) ?? null);
    return [steps.map(({ step }) => step), steps.map(({ loss }) => loss), steps.map(({ mean }) => mean), measured];
  }

  /** The two lines to measure by, and the step that is looked at. */
  function drawLines(u) {
    const { ctx, bbox } = u;
    const { standing, cursor } = shown;
    ctx.save();
    ctx.lineWidth = 1.5 * devicePixelRatio;
    const line = (which, from, to) => {
      ctx.strokeStyle = colour(which);
      ctx.beginPath();
      ctx.moveTo(...from);
      ctx.lineTo(...to);
      ctx.stroke();
    };
    for (const [which, dash] of Object.entries(DASHES)) {
      if (standing[which] === null) continue;
      const y = u.valToPos(standing[which], "y", true);
      ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
      line(which, [bbox.left, y], [bbox.left + bbox.width, y]);
    }
    if (cursor !== null) {
      const x = u.valToPos(cursor, "x", true);
      ctx.setLineDash([]);
      line("mean", [x, bbox.top], [x, bbox.top + bbox.height]);
    }
    ctx.restore();
  }

  function draw() {
    clearTimeout(late);
    late = null;
    drawnAt = performance.now();
    if (picture.clientWidth === 0) return; // in a mode that is not chosen: it is drawn when it has a size
    if (plot) plot.setData(columns());
    else {
      plot = make();
      listen(plot.over);
    }
  }

  function listen(over) {
    const stepAt = ({ clientX }) => {
      const step = Math.round(plot.posToVal(clientX - over.getBoundingClientRect().left, "x"));
      return Math.min(Math.max(step, 0), shown.events.at(-1)?.step ?? 0);
    };
    over.addEventListener("pointermove", (event) => event.pointerType !== "touch" && point(stepAt(event)));
    over.addEventListener("pointerleave", () => point(null));
    over.addEventListener("click", (event) => choose(stepAt(event)));
  }

  new ResizeObserver(() => {
    if (!shown || picture.clientWidth === 0) return;
    if (plot) plot.setSize({ width: picture.clientWidth, height: HEIGHT });
    else draw();
  }).observe(picture);

  // Its colours are those of the page, which the canvas does not follow by itself.
  const redraw = () => plot && shown && plot.redraw(false);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "print"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  return {
    node,
    update(latest) {
      const moved = shown === null || latest.cursor !== shown.cursor;
      shown = latest;
      const { events, moments, standing } = latest;
      const { loss, mean } = events.at(-1) ?? {};
      const values = { loss, mean, held_out: moments.at(-1)?.held_out, ...standing };
      for (const line of LINES) keys[line].update(values[line] ?? null, standing);
      if (moved || performance.now() - drawnAt > DRAWN) draw();
      else late ??= setTimeout(draw, DRAWN);
    },
  };
}

/** A line of the drawing, and its latest value. */
function legendKey(line) {
  const mark = element(`span.line-mark.line-${line}`, { "aria-hidden": "true" });
  const [words, value] = [element("span"), data()];
  const node = element("span.line-key", {}, mark, words, value);
  return {
    node,
    mark,
    update(loss, { vocabulary, n_mean }) {
      node.hidden = loss === null;
      if (loss === null) return;
      setText(words, say(`line_${line}`, { count: [...vocabulary].length + 1, n: n_mean }));
      number(value, loss, nats);
    },
  };
}
