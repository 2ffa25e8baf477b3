// Runs in Python's worker before Python starts, and tells how much it holds. The page has no way to ask for that:
// this asks by the functions through which programs in C use Python and its memory.

() => {
  let python;
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const instance = await instantiate(...given);
    python ??= instance.exports;
    return instance;
  };

  const SIZES = 10; // of what mallinfo() tells, each of 4 bytes
  const IN_USE = 7;

  /** { used, size }: the bytes in use, and those that Python has had of the browser, which it never gives back. */
  self.pythonMemory = () => {
    python.PyGC_Collect();
    const told = python.malloc(4 * SIZES);
    python.mallinfo(told);
    const used = new Uint32Array(python.memory.buffer, told, SIZES)[IN_USE];
    python.free(told);
    return { used, size: python.memory.buffer.byteLength };
  };
};
