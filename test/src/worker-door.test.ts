import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { type Call, remote, serve, settle } from "../../src/worker-door.ts";

type Port = {
  add(a: number, b: number): Promise<number>;
  fail(kind: "operational" | "bug"): Promise<void>;
  messages: { send(channel: string, body: { text: string }): Promise<string> };
};

const port: Port = {
  add: async (a, b) => a + b,
  async fail(kind) {
    if (kind === "bug") throw new TypeError("undefined is not a function");
    throw new AppError("rate-limited", "slower, please", { retryAfterMs: 1_500 });
  },
  messages: { send: async (channel, body) => `${channel}: ${body.text}` },
};

/** Over a border that lets through what structured clone does. */
const call: Call = async (request) => settle(structuredClone(await serve({ port }, structuredClone(request))));

describe("a port on the other side of the border", () => {
  const far = remote<Port>(call, "port");

  test("answers as it would on this side, nested groups too", async () => {
    expect(await far.add(2, 3)).toBe(5);
    expect(await far.messages.send("help", { text: "hello" })).toBe("help: hello");
  });

  test("an operational failure keeps its kind, a bug arrives as one", async () => {
    await expect(far.fail("operational")).rejects.toMatchObject({
      name: "AppError",
      kind: "rate-limited",
      retryable: true,
      retryAfterMs: 1_500,
      message: "slower, please",
    });
    const bug = await far.fail("bug").catch((error: unknown) => error);
    expect(bug).toBeInstanceOf(Error);
    expect(bug).not.toBeInstanceOf(AppError);
  });

  test("can be awaited and passed around without being called", async () => {
    expect(await Promise.resolve(far)).toBe(far);
  });

  test("what is not a method of the port cannot be reached", async () => {
    for (const method of [
      "nothing",
      "constructor",
      "__proto__.toString",
      "messages.constructor",
      "messages",
      "",
      "add.call",
    ]) {
      const reply = await serve({ port }, { port: "port", method, args: [] });
      expect(reply).toMatchObject({ ok: false, kind: null });
    }
    expect(await serve({ port }, { port: "other", method: "add", args: [] })).toMatchObject({ ok: false });
  });
});
