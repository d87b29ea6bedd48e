/** The server's side of RFC 6455 on a plain socket: just enough to answer a handshake, read small frames and write any. */
import { createHash } from "node:crypto";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;

/** The answer to an upgrade request, and the path it asked for; null while the request is not whole. */
export function handshake(request: string): { readonly path: string; readonly answer: string } | null {
  if (!request.includes("\r\n\r\n")) return null;
  const key = /sec-websocket-key: *(\S+)/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  const path = request.split(" ")[1] ?? "/";
  return {
    path,
    answer: `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  };
}

export function header(opcode: number, length: number): Buffer {
  if (length < 126) return Buffer.from([0x80 | opcode, length]);
  if (length < 65_536) return Buffer.from([0x80 | opcode, 126, length >> 8, length & 255]);
  const bytes = Buffer.alloc(10);
  bytes[0] = 0x80 | opcode;
  bytes[1] = 127;
  bytes.writeUInt32BE(length, 6);
  return bytes;
}

/** Takes whole masked frames off the front of `bytes`; answers their texts and what is left. */
export function readFrames(bytes: Buffer): {
  readonly frames: readonly { opcode: number; text: string }[];
  readonly rest: Buffer;
} {
  const frames: { opcode: number; text: string }[] = [];
  let at = 0;
  for (;;) {
    if (bytes.length - at < 6) break;
    const opcode = (bytes[at] ?? 0) & 15;
    let length = (bytes[at + 1] ?? 0) & 127;
    let body = at + 2;
    if (length === 126) {
      length = bytes.readUInt16BE(body);
      body += 2;
    } else if (length === 127) {
      if (bytes.length - at < 14) break;
      length = bytes.readUInt32BE(body + 4);
      body += 8;
    }
    if (bytes.length < body + 4 + length) break;
    const payload = Buffer.from(bytes.subarray(body + 4, body + 4 + length));
    for (let i = 0; i < length; i++) payload[i] = (payload[i] ?? 0) ^ (bytes[body + (i & 3)] ?? 0);
    frames.push({ opcode, text: payload.toString() });
    at = body + 4 + length;
  }
  return { frames, rest: bytes.subarray(at) };
}
