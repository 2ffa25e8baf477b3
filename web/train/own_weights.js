// Weights as files: saved to the person's own machine, and opened again from there. They are those of build.py train.

import { download } from "../download.js";
import { lastWords } from "../python/protocol.js";
import { element, setText } from "../views/element.js";
import { megabytes } from "../words/numbers.js";
import { say } from "./say.js";

const MOST = 5_000_000; // bytes

/**
 * file(): the text of the file of the weights in use, and a name for it: { text, name }, a promise. read(text): what it
 * says, rejecting if it is none. use(weights): see ../in_use.js. Returns { node }.
 */
export function ownWeights({ file, read, use }) {
  const word = element("p.refusal", { role: "alert" });
  const chooser = element("input", { type: "file", accept: ".json,application/json", hidden: "" });
  const node = element(
    "div.own-weights",
    {},
    element(
      "div.controls",
      {},
      button("download", save),
      button("open", () => chooser.click()),
      chooser,
    ),
    word,
  );
  chooser.addEventListener("change", async () => {
    const [chosen] = chooser.files;
    chooser.value = "";
    if (chosen) setText(word, (await open(chosen)) ?? "");
  });

  async function save() {
    try {
      const { text, name } = await file();
      download(text, { name, type: "application/json" });
      setText(word, "");
    } catch (error) {
      setText(word, error.message);
    }
  }

  /** Why not, in a sentence. */
  async function open(chosen) {
    const { name, size } = chosen;
    if (size > MOST) return say("weights_large", { name, size: megabytes(size) });
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await chosen.arrayBuffer());
      const { vocabulary, training } = await read(text);
      const examples = (Array.isArray(training.examples) ? training.examples : []).filter(isText);
      use({ text, vocabulary, examples, name, step: null, learning: false, moment: false });
    } catch (error) {
      const why = error instanceof TypeError ? say("weights_no_text") : lastWords(error.message);
      return say("weights_unusable", { name, why });
    }
  }

  return { node };
}

const isText = (each) => typeof each === "string";

function button(word, onclick) {
  return element("button", { type: "button", onclick }, say(word));
}
