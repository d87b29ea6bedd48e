/** What moderation had planned when something failed: Discord that is slow, a process that ended, a reply that was lost. */
import { describe, expect, test } from "bun:test";
import type { Discord } from "../../../src/discord.ts";
import { AppError } from "../../../src/errors.ts";
import type { MessageId } from "../../../src/ids.ts";
import { createScripted } from "../../../src/llm/scripted.ts";
import type { Message } from "../../../src/message.ts";
import { createUpkeep } from "../../../src/moderation.ts";
import { BOT, MEMBER } from "../../support/build.ts";
import { communities } from "../../support/community.ts";
import { onAll } from "../../support/moderated-guild.ts";
import { until } from "../../support/until.ts";

const SCAM =
  "steam gift 50$ - [steamcommunity.com/gift/50](https://dlscord-gift.com/claim) @everyone free nitro claim now";

const house = communities();

test("a crowd's messages do not wait for Discord: with their cases planned they are done with, and deleted once it answers", async () => {
  const answer = Promise.withResolvers<void>();
  const open = await house.open({
    discord: (found) => ({
      ...found,
      messages: {
        ...found.messages,
        async remove(...by) {
          await answer.promise;
          await found.messages.remove(...by);
        },
      },
    }),
  });
  const said = Array.from({ length: 80 }, (_, n) =>
    open.say(SCAM, { author: { id: `3000000000000040${n + 10}`, username: `m${n}` } }),
  );
  let handled = 0;
  const all = said.map(async (one) => {
    await open.handle(one);
    handled++;
  });
  await until(async () => handled >= 16, 10_000);
  expect((await open.cases()).every(({ state }) => state === "planned")).toBe(true);
  answer.resolve();
  await Promise.all(all);
  await until(async () => (await open.cases()).every(({ state }) => state === "applied"), 10_000);
}, 60_000);

describe("after a crash", () => {
  const LOST = new AppError("unknown-outcome", "no reply");
  test("an act whose reply was lost is looked for, and done only where it did not happen", async () => {
    for (const happened of [true, false]) {
      const timed: string[] = [];
      const open = await house.open({
        llm: createScripted(onAll({ severity: "high" }) as never),
        discord: (found) => ({
          ...found,
          members: {
            ...found.members,
            async timeOut(_guild, user, untilMs) {
              timed.push(user);
              if (timed.length > 1 || happened) found && welcome(found, untilMs);
              if (timed.length === 1) throw LOST;
            },
          },
        }),
      });
      const welcome = (_: Discord, untilMs: number | null) =>
        open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: untilMs, joinedAtMs: null });
      open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
      const { settle } = createUpkeep(open.services);
      const now = house.clock.now();
      await open.handle(
        open.say("you are a complete idiot, everybody hates you", { timestamp: new Date(now).toISOString() }),
      );
      expect((await open.cases())[0]?.state).toBe("planned");
      await settle();
      expect(timed).toHaveLength(1);
      house.clock.pass(21_000);
      await settle();
      expect(timed).toHaveLength(happened ? 1 : 2);
      expect((await open.cases())[0]?.state).toBe("applied");
      await settle();
      expect(timed).toHaveLength(happened ? 1 : 2);
    }
  });
});

test("a warning whose reply was lost is the same one for two minutes, then looked for; in too busy a channel it is not repeated", async () => {
  const onlyWarn = { delete: false, warn: true, timeout: false, kick: false, ban: false };
  for (const [afterMs, since, happened, state] of [
    [21_000, 0, true, "applied"],
    [180_000, 150, true, "applied"],
    [180_000, 150, false, "applied"],
    [180_000, 1_050, true, "failed"],
  ] as const) {
    const channel: Message[] = [];
    const open = await house.open({
      ...{ llm: createScripted(onAll() as never), moderation: { actions: onlyWarn } },
      discord: (found) => ({
        ...found,
        messages: {
          ...found.messages,
          recent: async (_channel, limit, before) =>
            channel.filter(({ id }) => before === undefined || BigInt(id) < BigInt(before)).slice(-limit),
        },
      }),
    });
    open.recorded.welcome({ id: MEMBER, name: "Ada", roles: [], timedOutUntilMs: null, joinedAtMs: null });
    open.recorded.failNext(new AppError("unknown-outcome", "no reply"), happened);
    const at = new Date(house.clock.now()).toISOString();
    const rude = open.say("you are a complete idiot, everybody hates you", { timestamp: at });
    await open.handle(rude);
    expect((await open.cases())[0]?.state).toBe("planned");
    const said = (content: string, author: Message["author"]) => {
      const id = String(BigInt(rude.id) + BigInt(channel.length + 1)) as MessageId;
      channel.push({ ...rude, id, content, author });
    };
    for (const { message } of happened ? open.recorded.sent : [])
      said(message.content, { id: BOT.userId, name: BOT.name, bot: true });
    for (let n = 0; n < since; n++) said(`small talk ${n}`, rude.author);
    house.clock.pass(afterMs);
    await createUpkeep(open.services).settle();
    const warnings = open.recorded.sent.filter(({ message }) => message.content.includes("please keep to"));
    expect([(await open.cases())[0]?.state, warnings.length]).toEqual([state, 1]);
  }
}, 60_000);
