/**
 * Reads a mail as it came over the wire (RFC 5322, MIME): headers unfolded and decoded (RFC 2047),
 * the plain and HTML texts of one part or many, transfer encodings undone.
 */
export interface Parsed {
  /** Names in lower case; of several with one name, the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const PARTS_DEPTH_MAX = 8;

/** `raw` holds one byte a character (latin1), as it was received. */
export function parseMail(raw: string): Parsed {
  const headers = readHeaders(raw);
  const texts = textsOf(raw, 0);
  return {
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, decodeWords(value)])),
    subject: decodeWords(headers.subject ?? ""),
    text: texts.text,
    html: texts.html,
  };
}

function readHeaders(raw: string): Record<string, string> {
  const head = raw.slice(0, bodyAt(raw).head).replace(/\r\n(?=[ \t])/g, "");
  const headers: Record<string, string> = {};
  for (const line of head.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

function textsOf(raw: string, depth: number): { text: string; html: string } {
  const headers = readHeaders(raw);
  const body = raw.slice(bodyAt(raw).body);
  const type = headers["content-type"] ?? "text/plain";
  const boundary = /^multipart\//i.test(type) ? parameter(type, "boundary") : undefined;
  if (boundary !== undefined && depth < PARTS_DEPTH_MAX) {
    const found = { text: "", html: "" };
    for (const part of body.split(`--${boundary}`).slice(1)) {
      if (part.startsWith("--")) break;
      const inner = textsOf(part.replace(/^[ \t]*\r\n/, "").replace(/\r\n$/, ""), depth + 1);
      found.text ||= inner.text;
      found.html ||= inner.html;
    }
    return found;
  }
  if (!/^text\//i.test(type) || /^attachment/i.test(headers["content-disposition"] ?? ""))
    return { text: "", html: "" };
  const text = decode(body, headers["content-transfer-encoding"] ?? "", parameter(type, "charset") ?? "utf-8");
  return /^text\/html/i.test(type) ? { text: "", html: text } : { text, html: "" };
}

function decode(body: string, encoding: string, charset: string): string {
  return inCharset(bytesOf(body, encoding.trim().toLowerCase()), charset).replace(/\r\n/g, "\n").replace(/\n$/, "");
}

function bytesOf(body: string, encoding: string): Buffer {
  if (encoding === "base64") return Buffer.from(body.replace(/\s+/g, ""), "base64");
  if (encoding === "quoted-printable") return Buffer.from(quotedPrintable(body.replace(/=[ \t]*\r\n/g, "")), "latin1");
  return Buffer.from(body, "latin1");
}

function quotedPrintable(text: string): string {
  return text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `=?utf-8?B?…?=` and `=?utf-8?Q?…?=`; without them, UTF-8 as SMTPUTF8 sends it. */
function decodeWords(value: string): string {
  return Buffer.from(value, "latin1")
    .toString("utf8")
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, "$1")
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, kind: string, text: string) =>
      inCharset(
        kind.toLowerCase() === "b"
          ? Buffer.from(text, "base64")
          : Buffer.from(quotedPrintable(text.replace(/_/g, " ")), "latin1"),
        charset,
      ),
    );
}

function inCharset(bytes: Buffer, charset: string): string {
  return /^(?:iso-8859-1|latin1|us-ascii)$/i.test(charset) ? bytes.toString("latin1") : bytes.toString("utf8");
}

function parameter(type: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, "i").exec(type);
  return match?.[1] ?? match?.[2];
}

function bodyAt(raw: string): { head: number; body: number } {
  if (raw.startsWith("\r\n")) return { head: 0, body: 2 };
  const blank = raw.indexOf("\r\n\r\n");
  return blank < 0 ? { head: raw.length, body: raw.length } : { head: blank, body: blank + 4 };
}
