/**
 * What PostgreSQL keeps of an answer, a silence and a case, indexes included: the growth of all tables over many of each, written by the
 * store's own methods with texts of ordinary length. What 100,000 servers make of it in a month follows.
 *
 *   an answer   its decision, question and reply with two sources, that it was sent, the day's usage; three share a conversation
 *   a silence   its decision
 *   a case      planned with its strike, then applied; two lines of context
 */
import { systemClock } from "../../src/clock.ts";
import type { ChannelId, GuildId } from "../../src/ids.ts";
import { createPatience } from "../../src/patience.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { HOUR_MS, newApplication, newExchange, newGuild, newMessage, newWho } from "../../test/contract/store/house.ts";
import { newCase } from "../../test/contract/store/moderation.ts";
import { openDatabase, quiet, type TestDatabase } from "../../test/support/postgres.ts";
import { unlessInterrupted } from "../deployment/interrupted.ts";
import { type Result, result, type Suite, type SuiteOptions, type SuiteReport } from "../suite.ts";

const ROWS = 10_000;
const ROWS_QUICK = 1_000;
const GUILDS = 20;
const ANSWERS_A_CONVERSATION = 3;
const CASES_AT_ONCE = 50;
const AT_ONCE = 4;
const patience = createPatience(systemClock, quiet)("bench");
/** One a day in each of 100,000 servers, for 30 days. */
const A_MONTH = 100_000 * 30;

const QUESTION =
  "How do I put the kettle back on the network after I changed my router at home? The lid blinks red now.";
const ANSWER = `Hold the copper button for seven seconds until the lid blinks green; the kettle then forgets its network [1]. Open the app, choose
"Add a kettle" and type the new password. If it blinks red again, the router only offers 5 GHz: switch 2.4 GHz on, since the kettle knows
nothing else [2]. Your schedules stay as they are.`;
const SOURCES = [1, 2].map((n) => ({
  ...{ n, title: "Resetting the kettle", url: `https://docs.example/kettle/${n}` },
  passage: ANSWER.slice(0, 280),
}));

export const suite: Suite = {
  name: "storage",
  description: "bytes in PostgreSQL of an answer, a silence and a case, and a month of 100,000 servers (--set rows=N)",
  async run(options) {
    const database = await openDatabase();
    const store = createSqlStore({ url: database.url, clock: systemClock, logger: quiet });
    try {
      await store.migrate();
      return await unlessInterrupted(measure(options, store, database));
    } finally {
      await store.close();
      await database.drop();
    }
  },
};

async function measure(options: SuiteOptions, store: Store, database: TestDatabase): Promise<SuiteReport> {
  const rows = Number(options.set.rows ?? (options.quick ? ROWS_QUICK : ROWS));
  const guilds = Array.from({ length: GUILDS }, newGuild);
  for (const [n, guild] of guilds.entries()) await store.guilds.join(guild, newApplication(), `Kettles ${n}`, null);
  const of = (n: number) => guilds[n % GUILDS] as GuildId;
  const kinds = {
    "an answer": () => inTurn(rows / ANSWERS_A_CONVERSATION, (n) => converse(store, of(n))),
    "a silence": () => inTurn(rows, (n) => stayedSilent(store, of(n))),
    "a case": () => inTurn(rows / CASES_AT_ONCE, (n) => moderated(store, of(n))),
  };
  const results: Result[] = [];
  let before = await sizes(database);
  for (const [what, write] of Object.entries(kinds)) {
    options.progress(`${rows} times ${what}`);
    await write();
    const after = await sizes(database);
    const grown = [...after].reduce((sum, [table, bytes]) => sum + bytes - (before.get(table) ?? 0), 0);
    results.push(result(what, "bytes", grown / rows));
    for (const [table, bytes] of after) {
      const own = (bytes - (before.get(table) ?? 0)) / rows;
      if (own >= 1) results.push(result(`${what}: in ${table}`, "bytes", own));
    }
    results.push(result(`${what} a day in each of 100,000 servers, 30 days`, "bytes", (grown / rows) * A_MONTH));
    before = after;
  }
  return { results, goals: [] };
}

async function converse(store: Store, guild: GuildId): Promise<void> {
  const who = newWho();
  const { id } = await store.conversations.open(guild, who, HOUR_MS);
  for (let n = 0; n < ANSWERS_A_CONVERSATION; n++) {
    const exchange = newExchange(id, { channel: who.channel });
    const [question, reply] = exchange.turns;
    if (question === undefined || reply === undefined) throw new Error("an exchange has two turns");
    const atMs = systemClock.now();
    const key = `ask:980000000000000001:${exchange.trigger}`;
    await store.outbox.begin(guild, key, id);
    await store.outbox.finish(guild, key, { message: newMessage() });
    await store.conversations.record(guild, {
      ...exchange,
      turns: [
        { ...question, text: QUESTION, atMs },
        { ...reply, text: ANSWER, atMs, sources: SOURCES },
      ],
    });
  }
}

async function stayedSilent(store: Store, guild: GuildId): Promise<void> {
  const { outcome } = newExchange(null);
  await store.conversations.record(
    guild,
    newExchange(null, {
      turns: [],
      usage: null,
      outcome: { ...outcome, kind: "silent", reason: "small-talk", model: null, tokensIn: 0, tokensOut: 0, costUsd: 0 },
    }),
  );
}

async function moderated(store: Store, guild: GuildId): Promise<void> {
  const inputs = Array.from({ length: CASES_AT_ONCE }, () =>
    newCase({
      evidence:
        "free nitro for everyone here, claim it before it is gone: https://dlscord-gift.example/claim?from=server",
      context: [
        { author: "Ada", text: "has anybody tried the new kettle?" },
        { author: "Bob", text: "mine is still on its way, the parcel service says tomorrow" },
      ],
      channel: "200000000000000001" as ChannelId,
      atMs: systemClock.now(),
    }),
  );
  const planned = await store.cases.plan(guild, inputs);
  await store.cases.append(
    guild,
    planned.map((one) => ({ case: one.case.id, event: { kind: "applied", by: "bot" } })),
  );
}

/** Four at a time. */
async function inTurn(times: number, work: (n: number) => Promise<void>): Promise<void> {
  const numbers = Array.from({ length: Math.ceil(times) }, (_, n) => n).values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      // A busy machine's database may miss a deadline; every call is known by its key.
      for (const n of numbers) await patience.run(() => work(n));
    }),
  );
}

/** Of every table with its indexes, after a vacuum as autovacuum would make one. */
async function sizes({ admin }: TestDatabase): Promise<ReadonlyMap<string, number>> {
  await admin.unsafe("vacuum analyze");
  const rows = await admin<{ name: string; bytes: string }[]>`
    select relname as name, pg_total_relation_size(oid) as bytes from pg_class
    where relkind = 'r' and relnamespace = current_schema()::regnamespace`;
  return new Map(rows.map(({ name, bytes }) => [name, Number(bytes)]));
}
