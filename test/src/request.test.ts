/** The id of a request: on log lines, over the border between threads, never anything but an id. */
import { describe, expect, test } from "bun:test";
import { createLogger } from "../../src/logger.ts";
import { inRequest, isRequestId, requestId } from "../../src/request.ts";
import { remote, serve } from "../../src/worker-door.ts";

describe("a request's id", () => {
  test("is on each line within it, also after a wait, and on none outside", async () => {
    const lines: { readonly msg: string; readonly request?: string }[] = [];
    const logger = createLogger({ level: "info", format: "json", write: (line) => lines.push(JSON.parse(line)) });
    logger.info({}, "before");
    const other = inRequest("22222222", async () => {
      await Promise.resolve();
      logger.info({}, "other");
    });
    await inRequest("11111111", async () => {
      logger.info({}, "first");
      await other;
      logger.info({}, "second");
    });
    expect(lines.map(({ msg, request }) => [msg, request])).toEqual([
      ["before", undefined],
      ["first", "11111111"],
      ["other", "22222222"],
      ["second", "11111111"],
    ]);
  });

  test("goes along to main, and work of nobody stays so", async () => {
    const ports = { told: { whose: async () => requestId() } };
    const port = remote<{ whose(): Promise<string | null> }>(async (request) => {
      // As a thread's message: main is in no request by itself.
      const reply = await inRequest("main-itself", () => serve(ports, structuredClone(request)));
      return reply.ok ? reply.value : null;
    }, "told");
    expect(await inRequest("33333333", () => port.whose())).toBe("33333333");
    expect(await port.whose()).toBe("main-itself");
  });

  test("is taken from others where it can be nothing else", () => {
    expect(["f3a1c2d4", "0b8e-4f5a_9c"].map((text) => isRequestId(text))).toEqual([true, true]);
    const refused = [null, "", "short", "a".repeat(65), "a b c d e f", 'x"y"zzzzzz', "line\nbreak", "ünïcödé-id"];
    expect(refused.filter((text) => isRequestId(text))).toEqual([]);
  });
});
