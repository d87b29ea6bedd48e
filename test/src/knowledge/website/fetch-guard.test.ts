import { describe, expect, test } from "bun:test";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import fc from "fast-check";
import { readJsonLines } from "../../../../bench/data.ts";
import { systemClock } from "../../../../src/clock.ts";
import { isPublicAddress } from "../../../../src/knowledge/website/address.ts";
import {
  createGuardedFetch,
  type GuardRules,
  judgeUrl,
  judgeUrlAndName,
} from "../../../../src/knowledge/website/fetch-guard.ts";
import { shared } from "../../../support/shared.ts";
import { TLS_CERTIFICATE, TLS_KEY } from "../../../support/tls.ts";

test("only what is given out as public is public", () => {
  for (const address of [
    "1.1.1.1",
    "93.184.216.34",
    "223.255.255.254",
    "2606:2800:220:1:248:1893:25c8:1946",
    "[2a00:1450::1]",
  ]) {
    expect(isPublicAddress(address)).toBe(true);
  }
  for (const address of [
    ..."0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 169.254.169.254 172.31.255.255 192.168.1.1 198.19.0.1 224.0.0.1 255.255.255.255".split(
      " ",
    ),
    ..."::1 :: ::ffff:1.1.1.1 ::127.0.0.1 64:ff9b::101:101 2002:101:101::1 2001::1 fe80::1 fd00::1 ff02::1 2001:db8::1 3fff::1".split(
      " ",
    ),
    ..."1.1.1 1.1.1.1.1 01.1.1.1.x 1.1.1.256 example.com fe80::1%eth0".split(" "),
    "",
  ]) {
    expect([address, isPublicAddress(address)]).toEqual([address, false]);
  }
});

test("no text makes an address public by accident", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => !isPublicAddress(text) || /^\[?[\d.:a-f]+\]?$/i.test(text)),
  );
});

const attacks = shared("security/ssrf.jsonl");

attacks.test.each(["allow", "block"] as const)("every row of ssrf.jsonl that is to %s", async (expected) => {
  const all = await readJsonLines<{ url: string; class: string; expect: string }>(attacks.file);
  const rows = all.filter((row) => row.expect.startsWith("allow") === (expected === "allow"));
  const rules = { ports: [80, 443], isPublic: isPublicAddress, resolve: async () => ["93.184.216.34"] };
  const judged = await Promise.all(rows.map(async (row) => ({ ...row, ...(await judgeUrlAndName(row.url, rules)) })));
  expect(judged.length).toBeGreaterThan(5);
  expect(judged.filter(({ decision }) => decision !== expected)).toEqual([]);
});

describe("at the socket", () => {
  test("a name is resolved once, and the connection goes to the address that was judged", async () => {
    await using site = await serve((_, response) => response.end("hello"));
    const asked: string[] = [];
    const fetch = createGuardedFetch(systemClock, {
      ...site.rules,
      resolve: async (name) => {
        asked.push(name);
        return asked.length === 1 ? ["127.0.0.1"] : ["127.0.0.2"];
      },
    });
    const answer = await fetch(`http://docs.example:${site.port}/`);
    expect("body" in answer && new TextDecoder().decode(answer.body)).toBe("hello");
    expect(asked).toEqual(["docs.example"]);
  });

  test("a name with one address that is not public is refused, and nobody is connected to", async () => {
    await using site = await serve((_, response) => response.end("secret"));
    const isPublic = (address: string) => address === "93.184.216.34";
    for (const addresses of [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"]]) {
      const fetch = createGuardedFetch(systemClock, { ...site.rules, isPublic, resolve: async () => addresses });
      expect(await fetch(`http://docs.example:${site.port}/`)).toEqual({
        refused: "the name leads to an address that is not public",
      });
    }
    expect(site.connections()).toBe(0);
  });

  test("every redirect is judged again, and there is an end to them", async () => {
    await using site = await serve((request, response) => {
      const to = new URL(request.url ?? "/", "http://x").searchParams.get("to");
      response.writeHead(302, { location: to ?? "/?loop" }).end();
    });
    const fetch = createGuardedFetch(systemClock, { ...site.rules, isPublic: (address) => address === "127.0.0.1" });
    const via = (to: string) => fetch(`http://docs.example:${site.port}/?to=${encodeURIComponent(to)}`);
    expect(await via(`http://169.254.169.254:${site.port}/latest`)).toEqual({
      refused: expect.stringContaining("not public"),
    });
    expect(await via("http://127.0.0.1:6379/")).toEqual({ refused: expect.stringContaining("port 6379") });
    expect(await via("file:///etc/passwd")).toEqual({ refused: expect.stringContaining("not http") });
    expect(await fetch(`http://docs.example:${site.port}/`)).toEqual({ refused: "it redirects more than 5 times" });
  });

  test("bodies that unpack without end, lie about their packing or are too large are refused", async () => {
    const bomb = Buffer.alloc(8_000_000);
    const gzipBomb = gzipSync(bomb);
    const brotliBomb = brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });
    await using site = await serve((request, response) => {
      if (request.url === "/gzip") response.writeHead(200, { "content-encoding": "gzip" }).end(gzipBomb);
      else if (request.url === "/br") response.writeHead(200, { "content-encoding": "br" }).end(brotliBomb);
      else if (request.url === "/zstd") response.writeHead(200, { "content-encoding": "zstd" }).end("x");
      else if (request.url === "/lie") response.writeHead(200, { "content-encoding": "gzip" }).end("not gzip");
      else if (request.url === "/fine")
        response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync(Buffer.from("fine ".repeat(500))));
      else response.end(Buffer.alloc(3_000_000));
    });
    const fetch = createGuardedFetch(systemClock, site.rules);
    const get = (path: string) => fetch(`http://docs.example:${site.port}${path}`, { bodyBytesMax: 2_000_000 });
    for (const path of ["/gzip", "/br", "/lie"]) {
      expect(await get(path)).toEqual({ refused: "it unpacks to far more than it should, or is damaged" });
    }
    expect(await get("/zstd")).toEqual({ refused: 'its packing "zstd" is not read here' });
    expect(await get("/large")).toEqual({ refused: "it is larger than 2 MB" });
    const fine = await get("/fine");
    expect("body" in fine && fine.body.length).toBe(2_500);
  });

  test("a body that never ends is given up at the deadline, and a caller who stops waiting is let go at once", async () => {
    await using site = await serve((_, response) => {
      response.writeHead(200);
      response.write("drop");
    });
    let fire = (): void => undefined;
    const clock = {
      ...systemClock,
      after: (_: number, run: () => void) => {
        fire = run;
        return { cancel: () => undefined };
      },
    };
    const fetch = createGuardedFetch(clock, site.rules);
    const late = fetch(`http://docs.example:${site.port}/`);
    await site.reached;
    fire();
    expect(await late).toEqual({ refused: "no answer within 20 s" });

    const stop = new AbortController();
    const stopped = fetch(`http://docs.example:${site.port}/`, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(stopped).rejects.toThrow("enough");
  });

  test("a certificate for another host is refused", async () => {
    const server = createTlsServer({ key: TLS_KEY, cert: TLS_CERTIFICATE }, (_, response) => response.end("hello"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const { port } = server.address() as AddressInfo;
    const rules: GuardRules = { ports: [port], isPublic: () => true, resolve: async () => ["127.0.0.1"] };
    const answer = await createGuardedFetch(systemClock, rules)(`https://docs.example:${port}/`);
    expect(answer).toEqual({ refused: expect.stringMatching(/cannot be reached/) });
    server.close();
  });

  test("a site that is not there is a reason, not an error", async () => {
    const rules: GuardRules = { ports: [1], isPublic: () => true, resolve: async () => ["127.0.0.1"] };
    expect(await createGuardedFetch(systemClock, rules)("http://docs.example:1/")).toEqual({
      refused: "nobody answers there",
    });
  });
});

test("the product's rules refuse what a fixture's allow", () => {
  expect(judgeUrl("http://docs.example:8080/")).toMatchObject({ decision: "block" });
  expect(judgeUrl("https://docs.example/a?b=127.0.0.1#c")).toMatchObject({ decision: "allow" });
});

type Handler = Parameters<typeof createServer>[1];

async function serve(handler: NonNullable<Handler>) {
  let connections = 0;
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    connections++;
    (handler as (...args: [typeof request, typeof response]) => void)(request, response);
    reach();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  const rules: GuardRules = { ports: [port], isPublic: () => true, resolve: async () => ["127.0.0.1"] };
  return {
    port,
    rules,
    reached,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
