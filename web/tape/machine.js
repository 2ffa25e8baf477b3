// The interpreter of traced training steps (tape/replay.ts, compiled) as py/traced.py wants it: what it exports, and its
// memory. Python hands over what holds bytes, such as an array; they are copied from its own memory or into it.

/** module: a WebAssembly.Module of the interpreter. */
export function makeMachine(module) {
  const { memory, start, reach, replay } = new WebAssembly.Instance(module, {}).exports;

  function copy(python, between) {
    const buffer = python.getBuffer("u8");
    try {
      between(buffer.data);
    } finally {
      buffer.release();
    }
  }

  return {
    start,
    reach,
    replay,
    write: (address, content) => copy(content, (bytes) => new Uint8Array(memory.buffer).set(bytes, address)),
    read: (address, into) => copy(into, (bytes) => bytes.set(new Uint8Array(memory.buffer, address, bytes.length))),
  };
}
