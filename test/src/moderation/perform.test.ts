/** Acts on Discord, where many wait for each other. */
import { expect, test } from "bun:test";
import type { Discord } from "../../../src/discord.ts";
import { AppError } from "../../../src/errors.ts";
import type { MessageId } from "../../../src/ids.ts";
import { createPerform } from "../../../src/moderation/perform.ts";
import type { CaseRow } from "../../../src/store/ports/moderation.ts";
import { APPLICATION, CHANNEL, GUILD, MEMBER } from "../../support/build.ts";
import { createClock, createHotDouble, settled } from "../../support/doubles.ts";

const BY = { language: "en", warnSeconds: 0 } as const;

function deletion(n: number): CaseRow {
  return {
    ...{ id: `c${n}`, guild: GUILD, number: n, key: `${n}`, channel: CHANNEL, channelName: "help" },
    ...{ message: `${n}` as MessageId, author: MEMBER, authorName: "Ada", atMs: 0, evidence: "", context: [] },
    ...{ redacted: false, rule: null, plan: { acts: ["delete"], held: [] }, action: "delete", state: "planned" },
    ...{ problem: null, note: null, undoneBy: null, wrong: false, updatedAtMs: 0 },
    verdict: {
      ...{ source: "certain", signals: [], category: "spam", severity: "medium", confidence: 1 },
      ...{ reason: "", model: null, costUsd: 0 },
    },
  } as CaseRow;
}

function open() {
  const clock = createClock();
  const requests: { readonly ids: readonly string[]; readonly end: (error?: Error) => void }[] = [];
  const discord = {
    application: APPLICATION,
    messages: {
      remove: (_channel: string, ids: readonly string[]) =>
        new Promise<void>((resolve, reject) => {
          requests.push({ ids, end: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
    },
  } as unknown as Discord;
  const perform = createPerform({ clock, hot: createHotDouble() });
  return { clock, requests, remove: (n: number) => perform.run(discord, deletion(n), "delete", BY) };
}

test("deletions in one channel are one request at a time: what comes meanwhile gathers into full ones", async () => {
  const { clock, requests, remove } = open();
  const first = remove(0);
  await clock.advance(150);
  expect(requests.map(({ ids }) => ids)).toEqual([["0"]]);
  const more: Promise<unknown>[] = [];
  for (let n = 1; n <= 250; n++) {
    more.push(remove(n));
    if (n % 50 === 0) await clock.advance(400);
  }
  expect(requests).toHaveLength(1);
  for (let at = 0; at < 4; at++) {
    requests[at]?.end();
    await settled();
    await clock.advance(150);
  }
  expect(await first).toEqual({ act: "delete", ok: true });
  expect(requests.map(({ ids }) => ids.length)).toEqual([1, 100, 100, 50]);
  expect(await Promise.all(more)).toHaveLength(250);
});

test("a request that deletes and fails holds up none behind it", async () => {
  const { clock, requests, remove } = open();
  const first = remove(0);
  await clock.advance(150);
  const second = remove(1);
  requests[0]?.end(new AppError("unavailable", "away"));
  await settled();
  await clock.advance(150);
  requests[1]?.end();
  expect(await first).toEqual({ act: "delete", ok: false, why: "unavailable", unknown: true });
  expect(await second).toEqual({ act: "delete", ok: true });
});
