/** One connection's compression context on the sending side, written to synchronously: pre-encoding must not take minutes. */
import { constants, createDeflate, createZstdCompress } from "node:zlib";

export type Compressor = { push(bytes: Uint8Array): Buffer };

type Handle = {
  writeSync(
    flush: number,
    input: Uint8Array,
    at: number,
    length: number,
    output: Uint8Array,
    to: number,
    room: number,
  ): void;
};

export function createCompressor(kind: "zlib-stream" | "zstd-stream"): Compressor {
  const zlib = kind === "zlib-stream";
  const stream = (zlib ? createDeflate() : createZstdCompress()) as unknown as {
    _handle: Handle;
    _writeState: Uint32Array;
  };
  const flush = zlib ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_flush;
  let output = Buffer.allocUnsafeSlow(1 << 20);
  return {
    push(bytes) {
      let left = bytes.length;
      let filled = 0;
      for (;;) {
        stream._handle.writeSync(flush, bytes, bytes.length - left, left, output, filled, output.length - filled);
        filled = output.length - (stream._writeState[0] ?? 0);
        left = stream._writeState[1] ?? 0;
        if (filled < output.length) return Buffer.from(output.subarray(0, filled));
        const larger = Buffer.allocUnsafeSlow(output.length * 2);
        output.copy(larger, 0, 0, filled);
        output = larger;
      }
    },
  };
}
