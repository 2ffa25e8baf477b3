// The editor: CodeMirror with its Python mode. It stands in a shadow root, where the styles that it makes for itself are
// style sheets that the page's Content-Security-Policy has nothing against.

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { getChunks, unifiedMergeView } from "@codemirror/merge";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField, Text } from "@codemirror/state";
import {
  Decoration,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/**
 * label: its accessible name. changed(): its text has changed. run(): Ctrl-Enter or Cmd-Enter was pressed. Returns
 * { node, text(), replace(text), mark(line), lookAt(line, text), show(line), lead(line), focus(), compare(original or null): show what differs
 * from it }.
 */
export function makeEditor({ label, text, changed, run }) {
  const node = document.createElement("div");
  node.className = "editor";
  const root = node.attachShadow({ mode: "open" });
  const changes = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: () => run() ?? true, preventDefault: true }]),
        lineNumbers(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        indentOnInput(),
        bracketMatching(),
        python(),
        syntaxHighlighting(COLOURS),
        search({ top: true }),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          translate: "no",
          class: "notranslate",
          spellcheck: "false",
          autocapitalize: "off",
          autocorrect: "off",
        }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
        markedLines,
        changes.of([]),
        LOOK,
      ],
    }),
  });

  // Escape is for leaving the editor with Tab, and not for what the page does with it.
  node.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());

  const within = (line) => view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  return {
    node,
    text: () => view.state.doc.toString(),
    /** Put another text there; one step for Undo. */
    replace(next) {
      view.dispatch({
        changes: narrowed(view.state.doc.toString(), Text.of(next.split(/\r\n?|\n/)).toString()),
        annotations: isolateHistory.of("full"),
        userEvent: "input.replace",
      });
    },
    /** Mark a line as the one where something went wrong; null: none. */
    mark(line) {
      view.dispatch({ effects: mark.of(line && line <= view.state.doc.lines ? within(line).from : null) });
    },
    /** Mark a line, which reads like this, as the one that is looked at elsewhere; null: none. The page stays where it is. */
    lookAt(line, text) {
      const there = line && line <= view.state.doc.lines && within(line).text.trim() === text;
      view.dispatch({ effects: look.of(there ? within(line).from : null) });
      if (there) view.scrollDOM.scrollTop = view.lineBlockAt(within(line).from).top - view.scrollDOM.clientHeight / 2;
    },
    /** Bring a line into view, and leave the cursor where it is. */
    show(line) {
      view.dispatch({ effects: EditorView.scrollIntoView(within(line).from, { y: "center" }) });
    },
    /** Bring a line into view, the cursor at its beginning. */
    lead(line) {
      const { from, text } = within(line);
      const anchor = from + text.search(/\S|$/);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    },
    focus: () => view.focus(),
    compare(original) {
      const shown = original === null ? [] : unifiedMergeView({ original, mergeControls: false });
      view.dispatch({ effects: changes.reconfigure(shown) });
      const first = original === null ? null : getChunks(view.state)?.chunks[0];
      if (first) view.dispatch({ effects: EditorView.scrollIntoView(first.fromB, { y: "center" }) });
    },
  };
}

/** The one change that leads from a text to another: what both begin and end with stays. */
function narrowed(before, after) {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

const [mark, look] = [StateEffect.define(), StateEffect.define()];
const marked = (kind, className) =>
  StateField.define({
    create: () => Decoration.none,
    update(marks, { effects, changes }) {
      let now = marks.map(changes);
      for (const effect of effects) {
        if (!effect.is(kind)) continue;
        now =
          effect.value === null
            ? Decoration.none
            : Decoration.set(Decoration.line({ class: className }).range(effect.value));
      }
      return now;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
const markedLines = [marked(mark, "wrong"), marked(look, "looked-at")];

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.number, tags.bool, tags.null], color: "var(--code-literal)" },
  { tag: [tags.comment, tags.docString], color: "var(--code-comment)" },
  { tag: tags.definition(tags.function(tags.variableName)), fontWeight: "700" },
]);

const tint = (colour, share) => `color-mix(in srgb, var(${colour}) ${share}%, var(--card))`;
const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" }, // around all of it (style/edit.css)
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", paddingBottom: "4rem" },
  ".cm-gutters": { color: "var(--code-comment)", backgroundColor: "var(--card)", borderColor: "var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: tint("--ink", 6) },
  ".cm-line.wrong": { backgroundColor: tint("--loss", 18), boxShadow: "inset 4px 0 var(--loss)" },
  ".cm-line.looked-at": { backgroundColor: tint("--coat", 25), boxShadow: "inset 3px 0 var(--coat)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: tint("--coat", 30) },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--paper)", borderColor: "var(--line)" },
  ".cm-button, .cm-textfield": {
    color: "var(--ink)",
    background: "var(--card)",
    border: "1px solid var(--control)",
    borderRadius: "var(--corner)",
    fontSize: "0.8125rem",
  },
  ".cm-searchMatch": { backgroundColor: tint("--coat", 40), outline: "1px solid var(--coat)" },
  "&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: tint("--sample", 14) },
  "&.cm-merge-b .cm-changedText": { background: tint("--sample", 40) },
  ".cm-deletedChunk": { color: "var(--ink)", backgroundColor: tint("--loss", 8), paddingLeft: "6px" },
  ".cm-deletedChunk .cm-deletedText, .cm-deletedText": { background: tint("--loss", 18) },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--sample)" },
  ".cm-deletedLineGutter": { background: "var(--loss)" },
  "@media (forced-colors: active)": { ".cm-line.wrong": { borderInlineStart: "4px solid Mark" } },
});
