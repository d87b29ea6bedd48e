/**
 * The text of a file that a member attached, as Discord's client makes one of a message that is too long (`message.txt`). Only
 * from Discord's own hosts or the server that the API is at; never redirected; bounded in size before it is read.
 */
import { CONTENT_CHARS_MAX } from "../message.ts";
import { cleanText } from "../payload.ts";

const HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];
const FILE_BYTES_MAX = 100_000;

/** Null where the address is not one of these, or what is there is no small UTF-8 text. */
export async function attachedText(url: string, apiBase: string, signal: AbortSignal): Promise<string | null> {
  if (!isOfDiscord(url, apiBase)) return null;
  // Not compressed: a few bytes must not become many.
  const response = await fetch(url, { signal, redirect: "error", headers: { "accept-encoding": "identity" } });
  if (!response.ok || response.body === null) return null;
  if (response.headers.has("content-encoding")) return null;
  const bytes: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes.push(piece);
    size += piece.length;
    if (size >= FILE_BYTES_MAX) break;
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: size < FILE_BYTES_MAX }).decode(Buffer.concat(bytes));
    return cleanText(text, CONTENT_CHARS_MAX);
  } catch {
    // Not text, in spite of its name.
    return null;
  }
}

function isOfDiscord(url: string, apiBase: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, origin, username } = new URL(url);
  if (username !== "") return false;
  return (protocol === "https:" && HOSTS.includes(hostname)) || origin === new URL(apiBase).origin;
}
