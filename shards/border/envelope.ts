/**
 * The envelope of a message as Discord writes it, which nearly all frames are: the same bytes before and behind its sequence number.
 * Every other frame is scanned member by member (scan.ts), which takes three times as long.
 */
import { digitsEnd, type Envelope, scanEnvelope } from "./scan.ts";

const HEAD = Buffer.from('{"t":"MESSAGE_CREATE","s":');
const NEXT = Buffer.from(',"op":0,"d":');
const ZERO = 48;
const CLOSE = 125;
/** A number of so many digits is exact. */
const DIGITS_MAX = 15;

/** As `scanEnvelope`: null means that only JSON.parse can tell. */
export function readEnvelope(bytes: Uint8Array): Envelope | null {
  if (bytes[bytes.length - 1] !== CLOSE || !isAt(bytes, 0, HEAD)) return scanEnvelope(bytes);
  const start = HEAD.length;
  const end = digitsEnd(bytes, start);
  const isPlain = end > start && end - start <= DIGITS_MAX && bytes[start] !== ZERO;
  if (!isPlain || !isAt(bytes, end, NEXT)) return scanEnvelope(bytes);
  let s = 0;
  for (let i = start; i < end; i++) s = s * 10 + (bytes[i] as number) - ZERO;
  return { op: 0, s, t: "MESSAGE_CREATE" };
}

function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}
