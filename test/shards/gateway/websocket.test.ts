import { afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { acceptOf } from "../../../shards/gateway/websocket/handshake.ts";
import { connectWebSocket, type WebSocketClient } from "../../../shards/gateway/websocket.ts";
import { systemClock } from "../../../src/clock.ts";

const TLS = join(import.meta.dir, "..", "..", "..", "bench", "gateway", "tls");
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

type Heard = { readonly heard: string[]; readonly client: WebSocketClient; until(event: string): Promise<void> };

function connect(
  url: string,
  onMessage: (bytes: Buffer) => void = () => {},
  onChunk: (heard: string[]) => void = () => {},
): Heard {
  const heard: string[] = [];
  let woken = () => {};
  const hear = (event: string) => {
    heard.push(event);
    woken();
  };
  const client = connectWebSocket({
    url,
    headers: { "User-Agent": "test" },
    clock: systemClock,
    listener: {
      opened: () => hear("opened"),
      message(bytes, isBinary) {
        onMessage(bytes);
        hear(`${isBinary ? "binary" : "text"} ${bytes.length > 100 ? bytes.length : bytes.toString()}`);
      },
      chunkRead: () => onChunk(heard),
      closed: (code, problem) => hear(`closed ${code} ${problem}`),
    },
  });
  ends.push(() => client.cut());
  return {
    heard,
    client,
    async until(event) {
      while (!heard.some((one) => one.startsWith(event)))
        await new Promise<void>((resolve) => {
          woken = resolve;
        });
    },
  };
}

/** A server of Bun's own, which knows the protocol from the other side. */
function serve(websocket: Partial<Bun.WebSocketHandler<undefined>>): string {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request, server) => {
      if (new URL(request.url).pathname === "/no") return new Response("no", { status: 403 });
      return server.upgrade(request) ? undefined : new Response("no", { status: 400 });
    },
    websocket: { message() {}, ...websocket },
  });
  ends.push(() => void server.stop(true));
  return `ws://127.0.0.1:${server.port}/?v=10`;
}

/** A server that says what it is told to, byte by byte if need be. */
function speak(data: (socket: Bun.Socket, text: string) => void, tls?: Bun.TLSOptions): number {
  const server = Bun.listen({
    ...{ hostname: "127.0.0.1", port: 0 },
    ...(tls === undefined ? {} : { tls }),
    socket: { data: (socket, bytes) => data(socket, bytes.toString("latin1")), error() {} },
  });
  ends.push(() => server.stop(true));
  return server.port;
}

function accept(request: string): string {
  const key = /Sec-WebSocket-Key: (\S+)/.exec(request)?.[1] ?? "";
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`;
}

describe("a WebSocket", () => {
  test("says and hears texts and bytes of any length, in order", async () => {
    const url = serve({
      message: (socket, message) => {
        socket.send(`you said ${message}`);
        socket.send(new Uint8Array(70_000));
        socket.send("x".repeat(3_000_000));
      },
    });
    const { heard, client, until } = connect(url);
    await until("opened");
    client.send("héllo");
    await until("text 3000000");
    expect(heard).toEqual(["opened", "text you said héllo", "binary 70000", "text 3000000"]);
    client.send("y".repeat(200_000));
    await until("text 200009");
  });

  test("hands a flood on whole, whatever memory its chunks lie in", async () => {
    const count = 20_000;
    const url = serve({
      open: (socket) => {
        for (let n = 0; n < count; n++) socket.send(`${n} `.padEnd(300 + (n % 900), "z"));
      },
      // The whole flood is in the server's memory.
      backpressureLimit: 1 << 30,
    });
    let next = 0;
    let wrong = 0;
    const { until } = connect(url, (bytes) => {
      const text = bytes.toString();
      if (text !== `${next} `.padEnd(300 + (next % 900), "z")) wrong++;
      next++;
    });
    await until("opened");
    while (next < count) await Bun.sleep(5);
    expect(wrong).toBe(0);
  });

  test("answers a ping", async () => {
    const ponged = Promise.withResolvers<string>();
    const url = serve({
      open: (socket) => void socket.ping("are you there"),
      pong: (_, data) => ponged.resolve(data.toString()),
    });
    connect(url);
    expect(await ponged.promise).toBe("are you there");
  });

  test("tells the server's code and reason, once", async () => {
    const url = serve({ open: (socket) => socket.close(4004, "bad token") });
    const { heard, client, until } = connect(url);
    await until("closed");
    client.send("too late");
    client.close(1000);
    await Bun.sleep(50);
    expect(heard).toEqual(["opened", "closed 4004 bad token"]);
  });

  test("closes with its own code, and hears nothing more", async () => {
    const closed = Promise.withResolvers<number>();
    const url = serve({ close: (_, code) => closed.resolve(code) });
    const { heard, client, until } = connect(url);
    await until("opened");
    client.close(4200);
    expect(await closed.promise).toBe(4200);
    await Bun.sleep(20);
    expect(heard).toEqual(["opened"]);
  });

  test("is cut without a word", async () => {
    const closed = Promise.withResolvers<number>();
    const url = serve({ close: (_, code) => closed.resolve(code) });
    const { heard, client, until } = connect(url);
    await until("opened");
    client.cut();
    expect(await closed.promise).toBe(1006);
    expect(heard).toEqual(["opened"]);
  });

  test("tells of a refused upgrade, of a connection that nobody takes, and of one that ends", async () => {
    const url = serve({ open: (socket) => socket.terminate() });
    const refused = connect(url.replace("/?", "/no?"));
    await refused.until("closed");
    expect(refused.heard).toEqual(["closed null the server answered 403 to the upgrade"]);
    const nobody = connect("ws://127.0.0.1:1/");
    await nobody.until("closed");
    expect(nobody.heard).toHaveLength(1);
    const ended = connect(url);
    await ended.until("closed");
    expect(ended.heard).toEqual(["opened", expect.stringMatching(/^closed null /)]);
  });

  test("hears what comes with the answer to its upgrade, and in pieces", async () => {
    const port = speak((socket, request) => {
      if (!request.startsWith("GET")) return;
      const all = Buffer.concat([Buffer.from(accept(request)), Buffer.from([0x81, 5]), Buffer.from("hello")]);
      socket.write(all.subarray(0, 20));
      setTimeout(() => socket.write(all.subarray(20)), 5);
    });
    const { heard, until } = connect(`ws://127.0.0.1:${port}/`);
    await until("text");
    expect(heard).toEqual(["opened", "text hello"]);
  });

  test.each([
    ["says goodbye", [0x88, 0], "closed null "],
    ["breaks the protocol", [0xc1, 0], "closed null a reserved bit is set"],
  ])("says that a chunk is read before it tells that the server %s in it", async (_, last, end) => {
    const port = speak((socket, request) => {
      if (request.startsWith("GET"))
        socket.write(Buffer.concat([Buffer.from(accept(request)), Buffer.from([0x81, 1, 97, 0x81, 1, 98, ...last])]));
    });
    const { heard, until } = connect(
      `ws://127.0.0.1:${port}/`,
      () => {},
      (heard) => heard.push("chunk"),
    );
    await until("closed");
    await Bun.sleep(20);
    expect(heard).toEqual(["opened", "text a", "text b", "chunk", end]);
  });

  test("leaves a server that breaks the protocol, and says so to both", async () => {
    const told: string[] = [];
    const port = speak((socket, text) => {
      if (text.startsWith("GET"))
        socket.write(Buffer.concat([Buffer.from(accept(text)), Buffer.from([0xc1, 0, 0x81, 0])]));
      else told.push(Buffer.from(text, "latin1").subarray(0, 2).toString("hex"));
    });
    const { heard, until } = connect(`ws://127.0.0.1:${port}/`);
    await until("closed");
    await Bun.sleep(20);
    expect(heard).toEqual(["opened", "closed null a reserved bit is set"]);
    expect(told).toEqual(["8882"]);
  });

  test("does not wait for a server that does not say goodbye", async () => {
    const gone = Promise.withResolvers<void>();
    const server = Bun.listen({
      ...{ hostname: "127.0.0.1", port: 0 },
      socket: {
        data: (socket, bytes) => {
          if (bytes.toString("latin1").startsWith("GET")) socket.write(accept(bytes.toString("latin1")));
        },
        close: () => gone.resolve(),
        error() {},
      },
    });
    ends.push(() => server.stop(true));
    const { client, until } = connect(`ws://127.0.0.1:${server.port}/`);
    await until("opened");
    client.close(4200);
    await gone.promise;
  });

  test("over TLS refuses a certificate that nobody trusts, before it sends a word", async () => {
    let heard = 0;
    const port = speak(() => heard++, {
      key: Bun.file(join(TLS, "key.pem")),
      cert: Bun.file(join(TLS, "certificate.pem")),
    });
    const { until, heard: events } = connect(`wss://127.0.0.1:${port}/`);
    await until("closed");
    expect(events).toEqual([expect.stringMatching(/^closed null .*self[- ]signed/i)]);
    expect(heard).toBe(0);
  });

  test.each(["opened", "message", "chunkRead", "closed"])(
    "does not swallow a bug of who listens to %s",
    async (event) => {
      const url = serve({
        open(socket) {
          socket.send("hi");
          socket.close(4004, "bye");
        },
      });
      const module = new URL("../../../shards/gateway/websocket.ts", import.meta.url).href;
      const clock = new URL("../../../src/clock.ts", import.meta.url).href;
      const program = `
      const { connectWebSocket } = await import(${JSON.stringify(module)});
      const { systemClock } = await import(${JSON.stringify(clock)});
      const listener = { opened() {}, message() {}, chunkRead() {}, closed() {}, ${event}() { throw new Error("a bug"); } };
      connectWebSocket({ url: ${JSON.stringify(url)}, headers: {}, clock: systemClock, listener });
    `;
      const child = Bun.spawn([process.execPath, "-e", program], { stdout: "ignore", stderr: "pipe" });
      expect(await new Response(child.stderr).text()).toContain("a bug");
      expect(await child.exited).not.toBe(0);
    },
  );
});
