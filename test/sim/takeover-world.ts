/**
 * One simulated conversation in which everything happens at once: a member asks, answers are made slowly, workers are killed
 * in the middle of a send, replies of Discord are lost, agents claim by page, by button and by an answer, the clock jumps.
 *
 * The judge is a ledger of its own: what was asked of the store and when, and what Discord got and when. Who held the
 * conversation at a moment is counted from that by the rule itself, not by the product's code: an answer that
 * Discord got while an agent held it must have been marked in flight before, and be gone again when the takeover is reported.
 */
import { type Agent, type Agents, createAgents } from "../../src/agents.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId, MessageId, UserId } from "../../src/ids.ts";
import { createMemory } from "../../src/memory.ts";
import { createChannelVenue } from "../../src/venue.ts";
import { APPLICATION, BOT, CHANNEL, GUILD, MEMBER, snowflake } from "../support/build.ts";
import { settled, silentLogger } from "../support/doubles.ts";
import { openHouse } from "../support/house.ts";
import { seededRandom } from "../support/simulated-clock.ts";

const GRACE: Agent = { id: "700000000000000001" as UserId, name: "Grace" };
const JOE: Agent = { id: "700000000000000002" as UserId, name: "Joe" };
const IDLE_MS = 180_000;
const STEPS = 8;

type Report = { readonly problems: readonly string[]; readonly takeovers: number; readonly withdrawn: number };

type Asked = { readonly type: string; readonly agent: UserId; readonly atMs: number };

/** Whoever took it holds it for 180 s from their last act, until they give it back; nobody takes it from them meanwhile. */
function holderOf(asked: readonly Asked[], atMs: number): UserId | null {
  let holder: UserId | null = null;
  let untilMs = 0;
  for (const one of asked) {
    const held = holder !== null && one.atMs < untilMs;
    if (held ? holder !== one.agent : one.type === "release" || one.type === "activity") continue;
    holder = one.type === "release" ? null : one.agent;
    untilMs = one.atMs + IDLE_MS;
  }
  return holder !== null && atMs < untilMs ? holder : null;
}

export async function takeoverLife(seed: number): Promise<Report> {
  const random = seededRandom(seed);
  const house = await openHouse({});
  const { clock, store, discord } = house;
  const problems: string[] = [];
  const memory = createMemory(house.hot, silentLogger);
  const talk = await store.conversations.open(
    GUILD,
    { channel: CHANNEL, channelName: "help", member: MEMBER, memberName: "Ada" },
    3_600_000,
  );
  let [takeovers, withdrawn] = [0, 0];
  /** Answers that Discord got: when, and under which fence they were marked. */
  const ledger: { readonly id: MessageId; readonly atMs: number; readonly whileHeld: boolean }[] = [];
  const work: Promise<unknown>[] = [];
  const asked: Asked[] = [];
  const held = () => holderOf(asked, clock.now()) !== null;
  const watched: typeof store = {
    ...store,
    conversations: {
      ...store.conversations,
      takeover(guild, conversation, event, by) {
        const applied = store.conversations.takeover(guild, conversation, event, by);
        asked.push({ type: event.type, agent: event.agent, atMs: clock.now() });
        return applied;
      },
    },
  };
  /** Of marks: were they made while nobody held? */
  const outbox: typeof store.outbox = {
    ...store.outbox,
    async begin(guild, key, conversation, claim) {
      await clock.sleep(random() * 40);
      const begun = await store.outbox.begin(guild, key, conversation, claim);
      if (begun.state === "begun" && conversation !== null && held()) problems.push(`${key} was issued while held`);
      await clock.sleep(random() * 40);
      return begun;
    },
    async again(guild, key, conversation) {
      const begun = await store.outbox.again(guild, key, conversation);
      if (begun.state === "begun" && conversation !== null && held())
        problems.push(`${key} was issued again while held`);
      return begun;
    },
  };
  /** A worker's way to Discord: slow, lossy, and dead once the worker is. */
  function line(life: { alive: boolean }): typeof discord {
    return {
      ...discord,
      messages: {
        ...discord.messages,
        async send(channel, message, nonce) {
          await clock.sleep(random() * 3_000);
          if (!life.alive) return await new Promise<never>(() => {});
          const before = discord.sent.length;
          const id = await discord.messages.send(channel, message, nonce);
          if (discord.sent.length > before) ledger.push({ id, atMs: clock.now(), whileHeld: held() });
          await clock.sleep(random() * 1_000);
          if (!life.alive) return await new Promise<never>(() => {});
          if (random() < 0.2) throw new AppError("timeout", "the reply was lost");
          return id;
        },
      },
    };
  }

  /** An answer on its way: the model takes its time, then it is sent, and tried again by another worker where one was killed. */
  async function answer(trigger: MessageId, tries = 0): Promise<void> {
    await clock.sleep(random() * 8_000);
    const life = { alive: true };
    const place = {
      ...{ application: APPLICATION, channel: CHANNEL, trigger, self: BOT.userId, discord: line(life) },
      ...{ patience: { run: (call: () => Promise<never>) => call() }, posted: () => {} },
    };
    const venue = createChannelVenue(place as never, { store: { outbox }, clock, logger: silentLogger });
    const fence = { guild: GUILD as GuildId, conversation: talk.id };
    const text = random() < 0.3 ? "word ".repeat(500) : "Hold the button.";
    const sending = venue.say(text, fence);
    if (random() < 0.3 && tries < 2) {
      await clock.sleep(random() * 4_000);
      life.alive = false;
      work.push(answer(trigger, tries + 1));
      return;
    }
    await Promise.race([sending, clock.sleep(400_000)]);
  }

  const agents: Agents = createAgents({ ...house.services, store: watched, memory });
  async function claim(agent: Agent): Promise<void> {
    const by = random() < 0.4 ? "page" : random() < 0.5 ? "button" : "answer";
    const before = store.talks.get(talk.id)?.row.takeover.fence;
    const result = await agents.claim(GUILD, talk.id, agent, by);
    // A renewal reports no takeover: the claim before it may still wait.
    if (!result.taken || result.takeover.fence === before) return;
    takeovers++;
    withdrawn += result.withdrawn;
    // Released and taken by another meanwhile: that one's report is still to come.
    if (!held() || store.talks.get(talk.id)?.row.takeover.fence !== result.takeover.fence) return;
    // Reported: nothing of the bot's that came while it was held is there any more.
    for (const one of ledger.filter(({ whileHeld }) => whileHeld)) {
      const sent = discord.sent.find(({ id }) => id === one.id);
      if (sent !== undefined && !sent.deleted) problems.push(`${one.id} stands after the takeover was reported`);
    }
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

  // The bot resumes 180 s after the last activity, to the second.
  const last = await agents.claim(GUILD, talk.id, GRACE, "page");
  if (!last.taken) problems.push("nobody could claim at the end");
  const claimedAtMs = asked.at(-1)?.atMs ?? 0;
  const mayIssue = async (key: string) =>
    (await store.outbox.begin(GUILD, `${key}:${seed}`, talk.id)).state === "begun";
  await clock.advance(claimedAtMs + IDLE_MS - 1_000 - clock.now());
  if (await mayIssue("soon")) problems.push("the bot resumed more than a second too soon");
  await clock.advance(2_000);
  if (!(await mayIssue("late"))) problems.push("the bot did not resume within a second");
  return { problems, takeovers, withdrawn };
}
