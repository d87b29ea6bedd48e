import { expect, test } from "bun:test";
import type { Logger } from "../../src/logger.ts";
import { withDeadline } from "../../web/deadline.ts";
import { createClock } from "../support/doubles.ts";

function watched() {
  const lines: string[] = [];
  const logger = {
    warn: (about: { path: string }, event: string) => lines.push(`${event} ${about.path}`),
    debug: () => {},
  } as unknown as Logger;
  const clock = createClock();
  const ask = (path: string, init: RequestInit, work: () => Promise<string>) =>
    withDeadline(new Request("http://localhost/", init), path, work, { clock, logger });
  return { lines, clock, ask };
}

const never = () => new Promise<string>(() => {});

test("a request that waits for ever is refused after 10 s, with a line that names its path", async () => {
  const { ask, clock, lines } = watched();
  let ended = false;
  const refused = ask("/guilds/:guild/conversations", {}, never)
    .catch((error: unknown) => error)
    .finally(() => {
      ended = true;
    });
  await clock.advance(9_999);
  expect(ended).toBe(false);
  await clock.advance(1);
  expect(await refused).toMatchObject({ kind: "timeout" });
  expect(lines).toEqual(["request-slow /guilds/:guild/conversations"]);
});

test("what is answered in time is not a warning, and the deadline is gone", async () => {
  const { ask, clock, lines } = watched();
  expect(await ask("/", {}, async () => "page")).toBe("page");
  await clock.advance(60_000);
  expect(lines).toEqual([]);
});

test("an answer by the model may take longer, and an upload as long as its line needs", async () => {
  const { ask, clock } = watched();
  const slowly = async (ms: number) => {
    await clock.sleep(ms);
    return "done";
  };
  const asked = ask("/guilds/:guild/playground", { method: "POST" }, () => slowly(15_000));
  const headers = { "content-length": String(20 << 20) };
  const uploaded = ask("/guilds/:guild/knowledge/files", { method: "POST", headers }, () => slowly(90_000));
  await clock.advance(90_000);
  expect(await Promise.all([asked, uploaded])).toEqual(["done", "done"]);
});
