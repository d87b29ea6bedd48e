/**
 * One simulated conversation in which everything happens at once: a member asks, answers are made slowly, workers are killed
 * in the middle of a send, replies of Discord are lost, agents claim by page, by button and by an answer, the clock jumps.
 *
 * The judge (takeover-judge.ts) believes nothing that the product says of itself: it reads what crossed the border to Discord, written
 * down there, and what agents did and when.
 */
import { type Agent, type Agents, createAgents } from "../../src/agents.ts";
import { createRecording } from "../../src/discord/recording.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId, MessageId, UserId } from "../../src/ids.ts";
import { createMemory } from "../../src/memory.ts";
import type { Store } from "../../src/store.ts";
import { createChannelVenue } from "../../src/venue.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, snowflake } from "../support/build.ts";
import { settled, silentLogger } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";
import { seededRandom } from "../support/simulated-clock.ts";
import type { StoreInTime } from "../support/store-in-time.ts";
import { counted, HAND_OVER_MS_MAX, HOLD_MS, judge, type Ledger } from "./takeover-judge.ts";

const GRACE: Agent = { id: "700000000000000001" as UserId, name: "Grace" };
const JOE: Agent = { id: "700000000000000002" as UserId, name: "Joe" };
const STEPS = 8;

type Report = { readonly problems: readonly string[]; readonly takeovers: number; readonly withdrawn: number };

/** Over the store's double, or over a real one. */
export async function takeoverLife(seed: number, kept?: StoreInTime): Promise<Report> {
  const random = seededRandom(seed);
  const house = await openHouse({});
  const clock = kept?.restart() ?? house.clock;
  const store: Pick<Store, "conversations" | "desk" | "escalations" | "guilds" | "outbox"> = kept?.store ?? house.store;
  const discord = createRecording(APPLICATION, BOT, clock);
  if (kept !== undefined) await store.guilds.join(GUILD, APPLICATION, "Lumen", null);
  const memory = createMemory(house.hot, silentLogger);
  const talk = await store.conversations.open(
    GUILD,
    { channel: CHANNEL, channelName: "help", member: snowflake() as UserId, memberName: "Ada" },
    3_600_000,
  );
  const ledger: Ledger = { crossings: [], acts: [], reports: [] };
  const work: Promise<unknown>[] = [];
  const watched: typeof store = {
    ...store,
    conversations: {
      ...store.conversations,
      takeover(guild, conversation, event, by) {
        const applied = store.conversations.takeover(guild, conversation, event, by);
        ledger.acts.push({ type: event.type, agent: event.agent, atMs: clock.now() });
        return applied;
      },
    },
  };
  /** The store takes its time, before a mark and after it. */
  const outbox: typeof store.outbox = {
    ...store.outbox,
    async begin(guild, key, conversation, claim) {
      await clock.sleep(random() * HAND_OVER_MS_MAX);
      const begun = await store.outbox.begin(guild, key, conversation, claim);
      await clock.sleep(random() * HAND_OVER_MS_MAX);
      return begun;
    },
  };
  /** Discord, with all that crosses its border written down. */
  const border: typeof discord.messages = {
    ...discord.messages,
    async send(channel, message, nonce) {
      const before = discord.sent.length;
      const id = await discord.messages.send(channel, message, nonce);
      if (discord.sent.length > before) ledger.crossings.push({ what: "made", id, nonce, atMs: clock.now() });
      return id;
    },
    async remove(channel, ids) {
      await discord.messages.remove(channel, ids);
      for (const id of ids) ledger.crossings.push({ what: "gone", id, atMs: clock.now() });
    },
  };
  /** A worker's way to Discord: slow, lossy, and dead once the worker is. */
  function line(life: { alive: boolean }): typeof discord {
    return {
      ...discord,
      messages: {
        ...border,
        async send(channel, message, nonce) {
          ledger.crossings.push({ what: "issued", nonce, atMs: clock.now() });
          await clock.sleep(random() * 3_000);
          if (!life.alive) return await new Promise<never>(() => {});
          const id = await border.send(channel, message, nonce);
          await clock.sleep(random() * 1_000);
          if (!life.alive) return await new Promise<never>(() => {});
          if (random() < 0.2) throw new AppError("timeout", "the reply was lost");
          return id;
        },
      },
    };
  }

  function say(trigger: MessageId, text: string, over: typeof discord) {
    const place = {
      ...{ application: APPLICATION, channel: CHANNEL, trigger, self: BOT.userId, discord: over },
      ...{ patience: { run: (call: () => Promise<never>) => call() }, posted: () => {} },
    };
    const venue = createChannelVenue(place as never, { store: { outbox }, clock, logger: silentLogger });
    return venue.say(text, { guild: GUILD as GuildId, conversation: talk.id });
  }

  /** An answer on its way: the model takes its time, then it is sent, and tried again by another worker where one was killed. */
  async function answer(trigger: MessageId, tries = 0): Promise<void> {
    await clock.sleep(random() * 8_000);
    const life = { alive: true };
    const sending = say(trigger, random() < 0.3 ? "word ".repeat(500) : "Hold the button.", line(life));
    if (random() < 0.3 && tries < 2) {
      await clock.sleep(random() * 4_000);
      life.alive = false;
      work.push(answer(trigger, tries + 1));
      return;
    }
    await Promise.race([sending, clock.sleep(400_000)]);
  }

  const agents: Agents = createAgents({
    ...{ ...house.services, clock, store: watched, memory },
    discord: () => ({ ...discord, messages: border }),
  });
  async function claim(agent: Agent): Promise<void> {
    const by = random() < 0.4 ? "page" : random() < 0.5 ? "button" : "answer";
    const askedAtMs = clock.now();
    const result = await agents.claim(GUILD, talk.id, agent, by);
    if (result.taken) ledger.reports.push({ agent: agent.id, askedAtMs, atMs: clock.now() });
  }

  for (let step = 0; step < STEPS; step++) {
    const dice = random();
    if (dice < 0.45) work.push(answer(snowflake() as MessageId));
    else if (dice < 0.75) work.push(claim(random() < 0.7 ? GRACE : JOE));
    else if (dice < 0.85) work.push(agents.release(GUILD, talk.id, GRACE));
    else if (dice < 0.92) work.push(agents.renew(GUILD, talk.id, GRACE));
    else await clock.advance(random() * 200_000);
    await clock.advance(random() * 2_500);
  }
  await clock.advance(500_000);
  await settled();

  // The bot resumes 180 s after the last activity, to the second: somebody asks four times a second, until one is answered.
  await claim(GRACE);
  const heldAtMs = ledger.acts.at(-1)?.atMs ?? 0;
  await clock.advance(heldAtMs + HOLD_MS - 2_500 - clock.now());
  const late = { ...discord, messages: border };
  for (let tries = 0; tries < 20; tries++) {
    work.push(say(snowflake() as MessageId, "Hold the button.", late));
    await clock.advance(250);
  }
  await clock.advance(HAND_OVER_MS_MAX * 2);
  const resumed = ledger.crossings.find(({ what, atMs }) => what === "made" && atMs > heldAtMs);
  const awayMs = (resumed?.atMs ?? 0) - heldAtMs - HOLD_MS;
  const problems = judge(ledger);
  if (resumed === undefined) problems.push("the bot did not resume");
  else if (Math.abs(awayMs) > 1_000) problems.push(`the bot resumed ${awayMs} ms away from ${HOLD_MS}`);
  return { ...counted(ledger), problems };
}
