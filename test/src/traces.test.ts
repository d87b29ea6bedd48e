/** Spans around an exchange and its calls, as a collector receives them. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import { createLogger } from "../../src/logger.ts";
import { outcome } from "../../src/record.ts";
import { startTraces, traced, traceExchange } from "../../src/traces.ts";

type Span = {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code: number; readonly message?: string };
};

const logger = createLogger({ level: "silent", format: "json" });
const OCCASION = {
  ...{ application: "1", trigger: "2", channel: "3", row: { guild: "4" } },
  receivedAtMs: systemClock.now(),
};
const silent = { outcome: outcome("silent", "small-talk", 1) };
const ERROR = 2;

const port = traced("port", {
  now: () => 7,
  later: async (text: string) => text.toUpperCase(),
  fails: async () => {
    throw new AppError("timeout", "the text of a member");
  },
  group: { own: "value", later: async () => "within" },
  counted: 0,
  async count() {
    this.counted++;
    return this.counted;
  },
});

test("without a collector nothing is started, and everything answers as it did", async () => {
  expect(await startTraces({ traces: null }, logger, systemClock)).toBeNull();
  expect(await traceExchange(OCCASION, async () => ({ ...silent, text: await port.later("a") }))).toMatchObject({
    text: "A",
  });
});

describe("with a collector", () => {
  const bodies: string[] = [];
  let collector: Bun.Server<undefined>;
  let spans: readonly Span[] = [];

  beforeAll(async () => {
    collector = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch(request) {
        bodies.push(await request.text());
        return Response.json({});
      },
    });
    const stop = await startTraces(
      { traces: { baseUrl: `http://127.0.0.1:${collector.port}`, share: 1 } },
      logger,
      systemClock,
    );
    await port.later("outside");
    await traceExchange(OCCASION, async () => {
      expect([port.now(), port.group.own, await port.later("b"), await port.group.later()]).toEqual([
        7,
        "value",
        "B",
        "within",
      ]);
      expect([await port.count(), await port.count()]).toEqual([1, 2]);
      await expect(port.fails()).rejects.toThrow("the text of a member");
      return silent;
    });
    const bug = traceExchange(OCCASION, async () => {
      throw new Error("the text of a member");
    });
    await expect(bug).rejects.toThrow("the text of a member");
    await stop?.();
    spans = bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans.flatMap(
        ({ scopeSpans }) => scopeSpans.flatMap((of) => of.spans),
      ),
    );
  });
  afterAll(() => collector.stop(true));

  test("each call that took time is a span of its exchange; what answers at once is none", () => {
    const [root] = spans.filter(({ name }) => name === "exchange");
    const within = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId).map(({ name }) => name);
    expect(within).toEqual(["waited", "port.later", "port.group.later", "port.count", "port.count", "port.fails"]);
  });

  test("a call outside an exchange is none", () => {
    expect(spans.filter(({ name }) => name === "port.later")).toHaveLength(1);
  });

  test("an error is told by its kind, and its message never", () => {
    const failed = spans.filter(({ status }) => status.code === ERROR);
    expect(failed.map(({ name, status }) => [name, status.message])).toEqual([
      ["port.fails", "timeout"],
      ["exchange", "bug"],
    ]);
    expect(bodies.join()).not.toContain("member");
  });
});
