// A program that takes memory without end shall meet Python's MemoryError, while the browser, the page in it, and the
// Python of the original still have room: left alone, it could take 4 GB.

const MOST = 2 ** 30; // bytes
const PAGE = 2 ** 16; // bytes of WebAssembly's

const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE > MOST) throw new RangeError("That is more memory than Python may have.");
  return grow.call(this, pages);
};
