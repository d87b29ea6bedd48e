/**
 * Transport compression: one shared context per connection, flushed after every payload.
 * https://discord.com/developers/docs/events/gateway#transport-compression
 *
 * Node's streams keep the context; each flush's output is one binary WebSocket message.
 */
import { constants, createDeflate, createZstdCompress } from "node:zlib";

export type Compression = "zlib-stream" | "zstd-stream";

export type Compressor = {
  /** Compresses `text`; results come through `onFrame` in order. */
  readonly push: (text: string) => void;
  readonly end: () => void;
};

export function createCompressor(kind: Compression, onFrame: (frame: Buffer) => void): Compressor {
  const stream = kind === "zlib-stream" ? createDeflate() : createZstdCompress();
  const flushKind = kind === "zlib-stream" ? constants.Z_SYNC_FLUSH : constants.ZSTD_e_flush;
  let pieces: Buffer[] = [];
  let ended = false;
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  stream.on("error", () => undefined);
  return {
    push(text) {
      if (ended) return;
      stream.write(text);
      stream.flush(flushKind, () => {
        const frame = Buffer.concat(pieces);
        pieces = [];
        if (frame.length > 0 && !ended) onFrame(frame);
      });
    },
    end() {
      ended = true;
      stream.destroy();
    },
  };
}
