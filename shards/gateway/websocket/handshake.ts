/** The upgrade from HTTP, a client's side: https://datatracker.ietf.org/doc/html/rfc6455#section-4.1 */

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const END = "\r\n\r\n";
/** A proxy's page of refusal may be long; its head is not. */
const HEAD_BYTES_MAX = 64 * 1024;

/** `key`: 16 random bytes in base64. */
export function upgradeRequest(url: URL, key: string, headers: Readonly<Record<string, string>>): string {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
    "Sec-WebSocket-Version: 13",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return lines.join("\r\n") + END;
}

export type Upgrade =
  /** What follows the head starts at `restAt`. */
  { readonly upgraded: true; readonly restAt: number } | { readonly upgraded: false; readonly problem: string };

/** What the server says to the request; null: its head is not whole yet. */
export function readUpgrade(bytes: Buffer, key: string): Upgrade | null {
  const end = bytes.indexOf(END);
  if (end < 0) return bytes.length > HEAD_BYTES_MAX ? refused("the answer to the upgrade does not end") : null;
  const [status = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const code = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(status)?.[1];
  if (code === undefined) return refused("the answer to the upgrade is not HTTP/1.1");
  if (code !== "101") return refused(`the server answered ${code} to the upgrade`);
  const headers = new Map(lines.map(nameAndValue));
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") return refused("the server upgrades to something else");
  if (!/\bupgrade\b/i.test(headers.get("connection") ?? "")) return refused("the server keeps the connection");
  if (headers.get("sec-websocket-accept") !== acceptOf(key)) return refused("the server answers another request");
  for (const unasked of ["sec-websocket-extensions", "sec-websocket-protocol"]) {
    if (headers.has(unasked)) return refused(`the server chose ${unasked}, which nobody offered`);
  }
  return { upgraded: true, restAt: end + END.length };
}

export function acceptOf(key: string): string {
  return new Bun.CryptoHasher("sha1").update(key + GUID).digest("base64");
}

function nameAndValue(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

function refused(problem: string): Upgrade {
  return { upgraded: false, problem };
}
