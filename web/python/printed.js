// What Python prints is told to the page as it comes, as much of it as anybody reads: the rest is only counted, so that
// ten megabytes of it hold up nobody.

const MOST = { characters: 20_000, lines: 200 }; // of one answer
const PAUSE = 50; // ms between two pieces, unless one is large
const LARGE = 2_000; // characters

/**
 * tell(id, text): text was printed during that call; at the end, where it was too much, { leftOut: characters } in the
 * place of a text. Returns { begin(id), end(), stream: what Pyodide's setStdout takes }.
 */
export function countPrinted(tell) {
  let call = null;
  let [text, told, characters, lines, leftOut] = ["", 0, 0, 0, 0];
  let decoder = new TextDecoder();

  function take(piece) {
    const end = fitting(piece);
    characters += end;
    lines += piece.slice(0, end).split("\n").length - 1;
    text += piece.slice(0, end);
    leftOut += piece.length - end;
    if (text.length > LARGE || performance.now() - told > PAUSE) flush();
  }

  /** How many characters of a piece may still be shown. */
  function fitting(piece) {
    const room = Math.min(piece.length, MOST.characters - characters);
    let end = 0;
    for (let left = MOST.lines - lines; end < room && left > 0; left--) {
      const newline = piece.indexOf("\n", end);
      end = newline < 0 || newline >= room ? room : newline + 1;
    }
    return end;
  }

  function flush() {
    if (text) tell(call, text);
    text = "";
    told = performance.now();
  }

  return {
    begin(id) {
      call = id;
      [text, characters, lines, leftOut] = ["", 0, 0, 0];
      decoder = new TextDecoder();
    },
    end() {
      flush();
      if (leftOut) tell(call, { leftOut });
    },
    stream: {
      write(bytes) {
        if (characters < MOST.characters && lines < MOST.lines) take(decoder.decode(bytes, { stream: true }));
        else leftOut += bytes.length;
        return bytes.length;
      },
    },
  };
}
