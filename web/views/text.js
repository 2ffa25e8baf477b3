// The text field: what may be typed, and a line that says why something was refused.

import { MAX_TYPED } from "../state.js";
import { say } from "../words/say.js";
import { element, setText } from "./element.js";

/**
 * vocabulary: every character the model knows. presets: where buttons for the examples go, which are texts. Returns
 * { update({ text, typed }) }: what the field shows, and how many characters of it, from the start, were typed.
 */
export function textField({ input, message, vocabulary, state, presets = null, examples = [] }) {
  let early = input.value === input.defaultValue ? null : input.value; // typed before this script was there
  let shown = ""; // what stands in the field when nothing is being typed
  let typed = 0;
  let composing = false;

  // A phone's keyboard composes every word until a space ends it, as other input methods do a character. What can be
  // taken counts at once; the field itself is left alone until then.
  input.addEventListener("input", ({ isComposing }) => take(isComposing));
  input.addEventListener("compositionend", () => take(false));

  function take(isComposing) {
    composing = isComposing;
    const text = known(input.value, vocabulary);
    const refusal = refuse(text);
    setText(message, refusal ?? "");
    if (refusal !== null) {
      if (composing) return;
      const caret = Math.max(0, input.selectionStart - (input.value.length - shown.length));
      input.value = shown;
      input.setSelectionRange(caret, caret);
      return;
    }
    put(text);
    if (text === shown) return; // composed, and taken before
    const count = [...text].length;
    if (shown.startsWith(text) && count >= typed) {
      shown = text;
      // Taking drawn characters away undoes their draws.
      state.change({ draws: state.get().draws.slice(0, count - typed) }, "draws");
    } else {
      state.change({ text, draws: [], position: null }, "text");
    }
  }

  /** Show a text without moving the caret, which writing into the field would send to its end. */
  function put(text) {
    if (composing || input.value === text) return;
    const { selectionStart, selectionEnd, value } = input;
    input.value = text;
    if (document.activeElement === input && selectionEnd < value.length) {
      input.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  /** Why a text cannot be taken, in words, or null if it can. */
  function refuse(text) {
    const count = vocabulary.length;
    const stranger = [...text].find((character) => !vocabulary.includes(character));
    if (stranger === " ") return say("space_refused", { count });
    if (stranger !== undefined) return say("character_refused", { character: `“${stranger}”`, count });
    if ([...text].length > MAX_TYPED && !shown.startsWith(text)) return say("too_long", { max: MAX_TYPED });
    return null;
  }

  presets?.append(
    ...examples.map((preset) => {
      const press = () => {
        setText(message, "");
        state.change({ text: preset, draws: [], position: null });
      };
      return element("button", { type: "button", onclick: press }, preset || say("empty_preset"));
    }),
  );

  return {
    update(seen) {
      if (seen.text !== shown) setText(message, "");
      shown = seen.text;
      typed = seen.typed;
      put(early ?? shown);
      if (early !== null) queueMicrotask(() => take(false));
      early = null;
    },
  };
}

/** Capitals become small letters where the model knows only those. */
function known(text, vocabulary) {
  const small = (c) => (!vocabulary.includes(c) && vocabulary.includes(c.toLowerCase()) ? c.toLowerCase() : c);
  return [...text].map(small).join("");
}
