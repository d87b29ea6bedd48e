import { describe, expect, test } from "bun:test";
import { acceptOf, readUpgrade, upgradeRequest } from "../../../../shards/gateway/websocket/handshake.ts";

/** The key of RFC 6455's own example. */
const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

function answer(
  changes: Readonly<Record<string, string | null>> = {},
  status = "HTTP/1.1 101 Switching Protocols",
): Buffer {
  const headers = { Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Accept": ACCEPT, ...changes };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return Buffer.from(`${[status, ...lines].join("\r\n")}\r\n\r\n`);
}

describe("the upgrade", () => {
  test("asks for the address with its parameters, and says who asks", () => {
    const url = new URL("wss://gateway.example:8443/?v=10&encoding=json");
    const lines = upgradeRequest(url, KEY, { "User-Agent": "test" }).split("\r\n");
    expect(lines[0]).toBe("GET /?v=10&encoding=json HTTP/1.1");
    expect(lines).toContain("Host: gateway.example:8443");
    expect(lines).toContain(`Sec-WebSocket-Key: ${KEY}`);
    expect(lines).toContain("User-Agent: test");
    expect(lines.slice(-2)).toEqual(["", ""]);
  });

  test("is accepted by the answer to its key, in any case of letters, and frames may follow at once", () => {
    expect(acceptOf(KEY)).toBe(ACCEPT);
    const whole = answer();
    expect(readUpgrade(Buffer.concat([whole, Buffer.from("rest")]), KEY)).toEqual({
      upgraded: true,
      restAt: whole.length,
    });
    const shouted = answer({ Upgrade: "WebSocket", Connection: "keep-alive, UPGRADE" });
    expect(readUpgrade(shouted, KEY)).toMatchObject({ upgraded: true });
  });

  test("waits for the answer's head, and not for ever", () => {
    const whole = answer();
    for (let end = 0; end < whole.length; end++) expect(readUpgrade(whole.subarray(0, end), KEY)).toBeNull();
    expect(readUpgrade(Buffer.alloc(70_000, 65), KEY)).toMatchObject({ upgraded: false });
  });

  test.each([
    ["another status", answer({}, "HTTP/1.1 503 Service Unavailable"), "503"],
    ["no HTTP", answer({}, "SMTP ready"), "not HTTP"],
    ["another protocol", answer({ Upgrade: "h2c" }), "something else"],
    ["a connection that is kept", answer({ Connection: "close" }), "keeps"],
    ["no key", answer({ "Sec-WebSocket-Accept": null }), "another request"],
    ["another key's answer", answer({ "Sec-WebSocket-Accept": acceptOf("x") }), "another request"],
    ["an extension", answer({ "Sec-WebSocket-Extensions": "permessage-deflate" }), "nobody offered"],
    ["a subprotocol", answer({ "Sec-WebSocket-Protocol": "chat" }), "nobody offered"],
  ])("is refused by %s", (_, bytes, problem) => {
    const read = readUpgrade(bytes, KEY);
    expect(read?.upgraded === false && read.problem).toContain(problem);
  });
});
