// A button that copies a text, and where the browser does not allow that, a field to copy it from by hand.

import { say } from "../words/say.js";
import { element, keepAsItIs, setText } from "./element.js";

const THANKS = 2000; // ms for which the button says that it is done

/** text(): what is to be copied, when the button is pressed. Returns { node }. */
export function copying(label, text) {
  const button = element("button", { type: "button" }, label);
  const field = keepAsItIs(element("input", { type: "text", readonly: "", hidden: "", "aria-label": label }));
  const said = element("span.hint", { role: "status" });
  let timer = null;

  button.addEventListener("click", async () => {
    const words = text();
    const copied = await toClipboard(words);
    field.hidden = copied;
    setText(said, say(copied ? "copied" : "copy_by_hand"));
    clearTimeout(timer);
    if (copied) timer = setTimeout(() => setText(said, ""), THANKS);
    else {
      field.value = words;
      field.focus();
      field.select();
    }
  });
  return { node: element("span.copying", {}, button, said, field) };
}

async function toClipboard(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false; // refused, or there is none, as over plain http
  }
}
