/** Every fault of the TCP proxy, over real sockets, between a client and a small line-echoing target. */
import { afterEach, describe, expect, test } from "bun:test";
import { connect, createServer, type Server, type Socket } from "node:net";
import { type FaultProxy, startFaultProxy } from "../../../bench/simulator/fault-proxy.ts";

interface Target {
  readonly port: number;
  /** What the target has read on all its connections. */
  received: string;
  readonly sockets: Set<Socket>;
  readonly server: Server;
}

const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Echoes what it reads with `re:` in front; ends its side when the client ends. */
async function startTarget(): Promise<Target> {
  const target = { port: 0, received: "", sockets: new Set<Socket>() };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    target.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => target.sockets.delete(socket));
    socket.on("data", (bytes) => {
      target.received += bytes.toString();
      socket.write(`re:${bytes}`);
    });
    socket.on("end", () => socket.end());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  target.port = typeof address === "object" && address ? address.port : 0;
  closing.push(() => {
    for (const socket of target.sockets) socket.destroy();
    server.close();
  });
  return Object.assign(target, { server });
}

class Client {
  read = "";
  readAtMs = 0;
  ended = false;
  closed = false;
  error = "";
  readonly socket: Socket;

  constructor(port: number) {
    this.socket = connect({ host: "127.0.0.1", port });
    this.socket.on("data", (bytes) => {
      this.read += bytes.toString();
      this.readAtMs = performance.now();
    });
    this.socket.on("end", () => {
      this.ended = true;
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
    });
    this.socket.on("close", () => {
      this.closed = true;
    });
    closing.push(() => this.socket.destroy());
  }

  async says(text: string): Promise<void> {
    this.socket.write(text);
  }

  async hears(text: string): Promise<void> {
    await until(
      () => this.read.includes(text),
      `the client to read ${JSON.stringify(text)}, it has ${JSON.stringify(this.read)}`,
    );
  }
}

async function start(): Promise<{ target: Target; proxy: FaultProxy; dial: () => Client }> {
  const target = await startTarget();
  const proxy = await startFaultProxy({ target: { host: "127.0.0.1", port: target.port } });
  closing.push(() => proxy.stop());
  return { target, proxy, dial: () => new Client(proxy.port) };
}

async function connected(dial: () => Client): Promise<Client> {
  const client = dial();
  await client.says("hello ");
  await client.hears("re:hello ");
  client.read = "";
  return client;
}

test("without a fault, bytes and ends pass both ways, a megabyte too", async () => {
  const { target, proxy, dial } = await start();
  const client = await connected(dial);
  const big = "x".repeat(1_000_000);
  await client.says(big);
  await until(() => client.read.replaceAll("re:", "").length === big.length, "a megabyte to come back");
  client.socket.end();
  await until(() => client.closed, "the end to come back");
  await until(() => target.sockets.size === 0, "the target's side to close");
  expect(client.error).toBe("");
  expect(proxy.connections.map(({ open, cause }) => [open, cause])).toEqual([[false, "client"]]);
  expect(proxy.connections[0]?.bytesToTarget).toBe(1_000_006);
});

test("urls keep everything but host and port", async () => {
  const { proxy } = await start();
  const at = `127.0.0.1:${proxy.port}`;
  expect(proxy.urlFor("postgres://gate:pa%40ss@db.example:5432/gatehouse?sslmode=disable")).toBe(
    `postgres://gate:pa%40ss@${at}/gatehouse?sslmode=disable`,
  );
  expect(proxy.urlFor("redis://localhost:6379/2")).toBe(`redis://${at}/2`);
  expect(proxy.urlFor("http://127.0.0.1:8080")).toBe(`http://${at}`);
  expect(proxy.urlFor("http://[::1]:8080/openai")).toBe(`http://${at}/openai`);
});

test("a target that is not there resets the client", async () => {
  const proxy = await startFaultProxy({ target: { host: "127.0.0.1", port: 1 } });
  closing.push(() => proxy.stop());
  const client = new Client(proxy.port);
  await until(() => client.closed, "the client to be closed");
  expect(proxy.connections[0]?.cause).toBe("unreachable");
});

test("latency delays each way by its own amount and keeps the order", async () => {
  const { proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.set({ kind: "latency", toTargetMs: 40, toClientMs: 60 });
  const before = performance.now();
  await client.says("a");
  await client.hears("re:a");
  expect(client.readAtMs - before).toBeGreaterThanOrEqual(95);
  await proxy.set({ kind: "latency", toTargetMs: 30 });
  for (const letter of "bcdef") await client.says(letter);
  await until(() => client.read.replaceAll("re:", "") === "abcdef", "the letters in order");
  // Longer than anybody waits: what is heard afterwards was not delayed.
  await proxy.set({ kind: "latency", toTargetMs: 600_000 });
  await proxy.clear();
  await client.says("g");
  await client.hears("g");
});

test("throttle lets bytes through at its pace, together with latency", async () => {
  const { proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.set({ kind: "throttle", bytesPerSecond: 10_000, way: "to-client" }, { kind: "latency", toClientMs: 30 });
  const before = performance.now();
  await client.says("y".repeat(1500));
  await until(() => client.read.length >= 1500, "1500 bytes");
  expect(performance.now() - before).toBeGreaterThan(150);
});

test("a black hole accepts and swallows, on new connections and open ones", async () => {
  const { target, proxy, dial } = await start();
  const open = await connected(dial);
  await proxy.set({ kind: "black-hole" });
  const fresh = dial();
  await open.says("lost1");
  await fresh.says("lost2");
  await until(() => proxy.accepted === 2, "the new connection to be accepted");
  await Bun.sleep(40);
  expect([open.read, fresh.read, open.closed, fresh.closed]).toEqual(["", "", false, false]);
  expect(target.received).toBe("hello ");
  expect(target.sockets.size).toBe(1);
  await proxy.clear();
  await connected(dial);
});

test("refuse turns new connections away, open ones go on, and clear brings the port back", async () => {
  const { proxy, dial } = await start();
  const open = await connected(dial);
  const port = proxy.port;
  await proxy.set({ kind: "refuse" });
  const refused = dial();
  await until(() => refused.error !== "", "a refusal");
  expect(refused.error).toBe("ECONNREFUSED");
  await open.says("still here");
  await open.hears("re:still here");
  await proxy.clear();
  expect(proxy.port).toBe(port);
  await connected(dial);
});

test.each([
  ["open", true, false],
  ["new", false, true],
  ["both", true, true],
] as const)("reset of %s connections is a RST", async (connections, hitsOpen, hitsNew) => {
  const { proxy, dial } = await start();
  const open = await connected(dial);
  await proxy.set({ kind: "reset", connections });
  if (hitsOpen) await until(() => open.error === "ECONNRESET", "the open connection to be reset");
  else {
    await open.says("fine");
    await open.hears("re:fine");
  }
  const fresh = dial();
  await fresh.says("new");
  if (hitsNew) await until(() => fresh.closed, "the new connection to be reset");
  else await fresh.hears("re:new");
  expect(fresh.read).toBe(hitsNew ? "" : "re:new");
  expect(proxy.connections.map(({ cause }) => cause)).toEqual([hitsOpen ? "reset" : null, hitsNew ? "reset" : null]);
});

test("half-open: the target sees the connection vanish, the client hears nothing", async () => {
  const { target, proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.set({ kind: "half-open" });
  await until(() => target.sockets.size === 0, "the target's side to vanish");
  await client.says("anybody?");
  await Bun.sleep(40);
  expect([client.read, client.ended, client.closed, client.error]).toEqual(["", false, false, ""]);
  await connected(dial);
  expect(proxy.connections.map(({ open, cause }) => [open, cause])).toEqual([
    [true, "half-open"],
    [true, null],
  ]);
});

test("freeze holds every byte both ways and releases them in order", async () => {
  const { target, proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.set({ kind: "freeze" });
  const fresh = dial();
  await client.says("one ");
  await client.says("two ");
  await fresh.says("three");
  for (const socket of target.sockets) socket.write("pushed");
  await Bun.sleep(40);
  expect([client.read, fresh.read, target.received]).toEqual(["", "", "hello "]);
  await proxy.clear();
  await client.hears("pushed");
  await until(() => target.received.includes("one two "), "the held bytes at the target");
  await fresh.hears("re:three");
});

test("a frozen end is released after the bytes before it", async () => {
  const { target, proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.set({ kind: "freeze" });
  client.socket.end("last words");
  await Bun.sleep(20);
  await proxy.clear();
  await client.hears("re:last words");
  await until(() => client.closed && target.sockets.size === 0, "both sides to close");
});

describe("cut", () => {
  test("after so many bytes to the client the rest is lost", async () => {
    const { proxy, dial } = await start();
    const client = await connected(dial);
    await proxy.set({ kind: "cut", afterBytes: 10, way: "to-client", how: "end" });
    await client.says("0123456789");
    await until(() => client.closed, "the cut");
    expect(client.read).toBe("re:0123456");
    expect(proxy.connections[0]?.cause).toBe("cut");
  });

  test("after so many bytes to the target, with a RST", async () => {
    const { target, proxy, dial } = await start();
    const client = await connected(dial);
    await proxy.set({ kind: "cut", afterBytes: 4, way: "to-target", how: "reset" });
    await client.says("01");
    await client.hears("re:01");
    await client.says("234567");
    await until(() => client.error === "ECONNRESET", "a reset");
    await until(() => target.received === "hello 0123", "exactly four bytes at the target");
  });
});

describe("lose-reply", () => {
  test("the request arrives, the reply does not, the connection closes", async () => {
    const { target, proxy, dial } = await start();
    const client = await connected(dial);
    await proxy.set({ kind: "lose-reply" });
    await client.says("COMMIT");
    await until(() => client.closed, "the connection to close");
    expect(target.received).toBe("hello COMMIT");
    expect([client.read, client.error]).toEqual(["", "ECONNRESET"]);
    expect(proxy.connections[0]?.cause).toBe("lose-reply");
  });

  test("only the reply to the named request is lost, also when it comes in two packets, and only so often", async () => {
    const { target, proxy, dial } = await start();
    const client = await connected(dial);
    await proxy.set({ kind: "lose-reply", request: "COMMIT", times: 1, how: "end" });
    await client.says("INSERT ");
    await client.hears("re:INSERT ");
    await client.says("COM");
    await client.hears("re:COM");
    await client.says("MIT");
    await until(() => client.closed, "the connection to end");
    expect(client.error).toBe("");
    expect(target.received).toBe("hello INSERT COMMIT");
    const again = await connected(dial);
    await again.says("COMMIT");
    await again.hears("re:COMMIT");
  });
});

test("close-after lets so many connections in and closes the later ones", async () => {
  const { proxy, dial } = await start();
  await connected(dial);
  await proxy.set({ kind: "close-after", connections: 2 });
  await connected(dial);
  await connected(dial);
  const late = dial();
  await until(() => late.ended || late.closed, "the late connection to be closed");
  expect(late.read).toBe("");
  expect(proxy.connections.map(({ cause }) => cause)).toEqual([null, null, null, "close-after"]);
});

test("stop ends every connection and frees the port", async () => {
  const { target, proxy, dial } = await start();
  const client = await connected(dial);
  await proxy.stop();
  await until(() => client.closed && target.sockets.size === 0, "all connections to end");
  const late = dial();
  await until(() => late.error === "ECONNREFUSED", "a refusal");
});

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 4000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited 4 s for ${what}`);
    await Bun.sleep(3);
  }
}
