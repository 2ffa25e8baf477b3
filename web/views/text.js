// The text field: what may be typed, and a line that says why something was refused.
//
// The browser's own Undo must go on working, and assigning to the field's value would end it. So what cannot be taken is
// refused before it lands, and what is taken in another form, such as a capital, is written by a command of the browser.

import { MAX_TYPED } from "../state.js";
import { bare, isKnown, named, plain, shown as visible, stranger } from "../words/characters.js";
import { say } from "../words/say.js";
import { element, setText, setTokens } from "./element.js";

const ARRIVALS = ["insertText", "insertFromPaste"]; // those that take the place of what is selected, nothing else
const LONGEST = 32; // characters that a part of a link is shown with
const STEPS = { historyUndo: "undo", historyRedo: "redo" };

/**
 * vocabulary(): every character that the model in use knows. presets: where buttons for examples go. Returns
 * { update({ text, typed, state }), offer(texts): as examples }: what the field shows, how many characters of it, from the
 * start, were typed, and what of the link was not understood, for a line of its own: leftOut.
 */
export function textField({ input, message, leftOut, vocabulary, state, presets = null }) {
  let early = input.value === input.defaultValue ? null : input.value; // typed before this script was there
  let shown = ""; // what stands in the field when nothing is being typed
  let typed = 0;
  let composing = false;
  let writing = false; // whether it is this script that changes the field

  input.addEventListener("beforeinput", arrive);
  // A phone's keyboard composes every word until a space ends it, as other input methods do a character. What can be
  // taken counts at once; the field itself is left alone until then.
  input.addEventListener("input", ({ isComposing, inputType }) => writing || take(isComposing, inputType));
  input.addEventListener("compositionend", () => take(false));

  /** Something is about to be put in. */
  function arrive(event) {
    const { inputType, data, isComposing, cancelable } = event;
    if (writing || isComposing || !cancelable || data === null || !ARRIVALS.includes(inputType)) return;
    const { value, selectionStart, selectionEnd } = input;
    const [before, after] = [value.slice(0, selectionStart), value.slice(selectionEnd)];
    const piece = withoutEdges(data, before, after);
    const refusal = refuse(before + piece + after, piece);
    if (refusal === null && piece === data) return;
    event.preventDefault();
    setText(message, refusal ?? "");
    if (refusal !== null || piece === "") return;
    write(piece);
    take(false);
  }

  /** What is put in, in the model's letters. Spaces at its edges may part words, if the model knows spaces at all. */
  function withoutEdges(data, before, after) {
    const piece = plain(data, vocabulary());
    if (piece.trim() === "") return piece; // a space that was typed, and nothing else
    const isEdge = (outside) => outside === "" || !vocabulary().includes(" ");
    const start = isEdge(before) ? piece.trimStart() : piece;
    return isEdge(after) ? start.trimEnd() : start;
  }

  /** Something was put in. */
  function take(isComposing, inputType = "") {
    composing = isComposing;
    const { value } = input;
    const text = bare(value, vocabulary());
    const refusal = refuse(text);
    const step = STEPS[inputType];
    // A step back or on may lead to what stood there only until it was put right: one more step leads past it.
    if (step && (refusal !== null || text !== value) && command(step) && input.value !== value) return take(false);
    setText(message, refusal ?? "");
    if (refusal !== null) {
      if (!composing) correct(shown);
      return;
    }
    if (!composing && value !== text) correct(text);
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

  /** Make what has just been put in another text, as if it had never been there, the caret as far from the end. */
  function correct(text) {
    const caret = Math.max(0, input.selectionStart - (input.value.length - text.length));
    command("undo");
    if (input.value !== text) replace(text);
    input.setSelectionRange(caret, caret);
  }

  function replace(text) {
    input.setSelectionRange(0, input.value.length);
    write(text);
    if (input.value !== text) input.value = text; // a browser that has no such command
  }

  /** Put a text in the place of what is selected. */
  function write(text) {
    const { selectionStart, selectionEnd } = input;
    const done = text === "" ? command("delete") : command("insertText", text);
    if (!done) input.setRangeText(text, selectionStart, selectionEnd, "end");
  }

  /** A command of the browser, which its Undo knows of. Returns whether it was obeyed. */
  function command(name, text) {
    writing = true;
    const obeyed = document.activeElement === input && document.execCommand(name, false, text);
    writing = false;
    return obeyed;
  }

  /** Show a text without moving the caret, which writing into the field would send to its end. */
  function put(text) {
    if (composing || input.value === text) return;
    const { selectionStart, selectionEnd, value } = input;
    if (document.activeElement !== input) input.value = text;
    else {
      replace(text);
      if (selectionEnd < value.length) input.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  /** Why a text cannot be taken, in words, or null if it can. piece: the part of it that is new. */
  function refuse(text, piece = text) {
    if (!isKnown(plain(text, vocabulary()), vocabulary())) {
      const character = capitalised(named(stranger(piece, vocabulary()) ?? stranger(text, vocabulary())));
      return say("character_refused", { character, count: vocabulary().length });
    }
    if ([...text].length > MAX_TYPED && !shown.startsWith(text)) return say("too_long", { max: MAX_TYPED });
    return null;
  }

  /** What of the link could not be understood, and if it is the text, why. */
  function missing(parts) {
    if (parts.length === 0) return "";
    const said = parts.slice(0, 3).map(([name, value]) => {
      const written = value === null ? name : `${name}=${value}`;
      const part = say("link_part", { part: shortened([...written].map(visible).join("")) });
      const odd = name === "text" ? stranger(value, vocabulary()) : undefined;
      return odd === undefined ? part : say("link_part_with", { part, character: named(odd) });
    });
    return say("left_out", { parts: said.join(", ") + (parts.length > 3 ? ", …" : "") });
  }

  function button(preset) {
    const press = ({ currentTarget, pointerType }) => {
      setText(message, "");
      if (pointerType !== "touch") {
        // So that the browser's Undo knows of it. A finger's field would bring up the keyboard.
        input.focus({ preventScroll: true });
        replace(preset);
        currentTarget.focus({ preventScroll: true });
      }
      state.change({ text: preset, draws: [], position: null });
    };
    const node = element("button", { type: "button", onclick: press });
    if (preset === "") setText(node, say("empty_preset"));
    else setTokens(node, preset);
    return node;
  }

  return {
    update(seen) {
      if (seen.text !== shown) setText(message, "");
      setText(leftOut, missing(seen.state.leftOut));
      shown = seen.text;
      typed = seen.typed;
      put(early ?? shown);
      if (early !== null) queueMicrotask(() => take(false));
      early = null;
    },
    offer: (texts) => presets.replaceChildren(...texts.map(button)),
  };
}

const capitalised = (words) => words[0].toUpperCase() + words.slice(1);

function shortened(part) {
  const characters = [...part];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : part;
}
