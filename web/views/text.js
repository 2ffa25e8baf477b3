// The text field: what may be typed, and a line that says why something was refused.

import { MAX_TYPED } from "../state.js";
import { say } from "../words/say.js";
import { element, setText } from "./element.js";

export const PRESETS = ["anna", "emma", "jacob", ""];

/**
 * act: { type(text), undoTo(length) }. vocabulary: every character the model knows.
 * Returns { update(text, typed) }: what the field shows, and how much of it, from the start, was typed.
 */
export function textField({ input, message, presets, vocabulary, act }) {
  let shown = ""; // what stands in the field when nothing is being typed
  let typed = 0;

  // An input method edits in several steps; what it ends with is what counts.
  input.addEventListener("compositionend", take);
  input.addEventListener("input", (event) => event.isComposing || take());

  function take() {
    const text = known(input.value, vocabulary);
    const refusal = refuse(text);
    setText(message, refusal ?? "");
    if (refusal !== null) {
      const caret = Math.max(0, input.selectionStart - (input.value.length - shown.length));
      input.value = shown;
      input.setSelectionRange(caret, caret);
      return;
    }
    put(text);
    if (text === shown) return; // an input method that gave up
    if (shown.startsWith(text) && text.length >= typed) {
      shown = text;
      act.undoTo(text.length - typed); // taking drawn characters away undoes their draws
    } else {
      act.type(text);
    }
  }

  /** Show a text without moving the caret, which writing into the field would send to its end. */
  function put(text) {
    if (input.value === text) return;
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
    if (text.length > MAX_TYPED && !shown.startsWith(text)) return say("too_long", { max: MAX_TYPED });
    return null;
  }

  presets.append(
    ...PRESETS.map((preset) => {
      const press = () => {
        setText(message, "");
        act.preset(preset);
      };
      return element("button", { type: "button", onclick: press }, preset || say("empty_preset"));
    }),
  );

  return {
    update(text, length) {
      if (text !== shown) setText(message, "");
      shown = text;
      typed = length;
      put(text);
    },
  };
}

/** Capitals become small letters where the model knows only those. */
function known(text, vocabulary) {
  const small = (c) => (!vocabulary.includes(c) && vocabulary.includes(c.toLowerCase()) ? c.toLowerCase() : c);
  return [...text].map(small).join("");
}
