/**
 * Who said what stays where it was said: canaries in members' questions, in channels' talk and in servers' pages, looked for
 * in every prompt that the model is given. The whole product, real sockets; the model's stand-in keeps what it was told.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createThread } from "../../bench/simulator/world/open-thread.ts";
import type { Channel, Guild } from "../../bench/simulator/world.ts";
import { systemClock } from "../../src/clock.ts";
import type { ChannelId, GuildId, UserId } from "../../src/ids.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { quiet } from "../support/postgres.ts";
import { type Admin, live, openStage, page, type Stage, signIn } from "../support/stage.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const TEXT =
  "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.";
const KETTLE = (secret: string) => page("Resetting the kettle", "https://docs.example/kettle", `${TEXT} ${secret}`);

let stage: Stage;
let admin: Admin;
let guild: Guild;
let other: Guild;
let here: Channel;
let there: Channel;
let abroad: Channel;
let ada: string;
let bob: string;

beforeAll(async () => {
  stage = await openStage("isolation");
  const { actions } = stage.simulator;
  ({ guild, channel: here } = actions.createGuild({ name: "Kettles" }));
  ({ guild: other, channel: abroad } = actions.createGuild({ name: "Other kettles" }));
  there = actions.createChannel(guild.id, { name: "there" });
  ada = actions.addMember(guild.id, { username: "ada" }).userId;
  bob = actions.addMember(guild.id, { username: "bob" }).userId;
  for (const userId of [ada, bob]) actions.addMember(other.id, { userId });
  const all = stage.gatehouse(["all"]);
  admin = await signIn(all);
  await live(all);
  await stage.teach(guild.id, { "kettle.md": KETTLE("The wizard of page-canary-one agrees.") });
  await stage.teach(other.id, { "kettle.md": KETTLE("The wizard of page-canary-two agrees.") });
});
afterAll(() => stage?.close());

/** What the model was told on the way of one question. */
async function toldFor(ask: () => Promise<unknown>): Promise<string> {
  const before = stage.groq.requests.length;
  await ask();
  const told = stage.groq.requests.slice(before).map(({ body }) => JSON.stringify(body));
  expect(told.length).toBeGreaterThan(0);
  return told.join("\n");
}

const mention = (channel: { id: string }, userId: string, text: string) =>
  toldFor(async () => {
    const answers = await stage.ask({ channelId: channel.id, userId, content: `{bot} ${text}` });
    expect(answers).toHaveLength(1);
  });

async function command(channel: Channel, userId: string, question: string, isPrivate = false): Promise<void> {
  const interaction = await stage.simulator.actions.command({
    userId,
    channelId: channel.id,
    name: "ask",
    options: { question, private: isPrivate },
  });
  await until(
    () => interaction.state === "answered" && channel.messages.get(interaction.originalId ?? "")?.content,
    15_000,
  );
}

let followUps = 0;
/** Too short to stand alone: whatever is remembered goes along. Each is new, or its answer of before would be said again. */
const followUp = () => `and the kettle's lid, case ${++followUps}?`;

describe("what a member said", () => {
  test("is understood in their own follow-up", async () => {
    await mention(here, ada, "how do I reset the kettle? my word is talk-canary-ada");
    expect(await mention(here, ada, followUp())).toContain("talk-canary-ada");
  });

  test("is not told where another member asks", async () => {
    expect(await mention(here, bob, followUp())).not.toContain("talk-canary-ada");
    expect(await toldFor(() => command(here, bob, followUp()))).not.toContain("talk-canary-ada");
  });

  test("is not told in another channel, thread, direct message or server", async () => {
    expect(await mention(there, ada, followUp())).not.toContain("talk-canary-ada");
    expect(await mention(abroad, ada, followUp())).not.toContain("talk-canary-ada");
    const { simulator } = stage;
    const thread = createThread(simulator.world, { parent: here, ownerId: ada, name: "Lids" });
    expect(await mention(thread, ada, followUp())).not.toContain("talk-canary-ada");
    const inPrivate = await toldFor(async () => {
      const said = simulator.actions.direct({ userId: ada, content: followUp() });
      const wait = { channelId: said.channelId, after: said.id, author: "bot", ms: 20_000 } as const;
      expect(await simulator.actions.messages(wait)).toHaveLength(1);
    });
    expect(inPrivate).not.toContain("talk-canary-ada");
  });

  test("in private by /ask is not told in a later answer that all can read", async () => {
    await command(there, ada, "how do I reset the kettle? my word is private-canary-ada", true);
    expect(await mention(there, ada, followUp())).not.toContain("private-canary-ada");
  });

  test("is gone once they asked to be forgotten, and only theirs", async () => {
    await mention(here, bob, "how do I reset the kettle? my word is talk-canary-bob");
    await stage.simulator.actions.command({ userId: ada, channelId: there.id, name: "forget" });
    await until(() => [...there.messages.values()].some((message) => message.content.includes("I have forgotten")));
    expect(await mention(here, ada, followUp())).not.toContain("talk-canary-ada");
    expect(await mention(here, bob, followUp())).toContain("talk-canary-bob");
  });
});

describe("a server's pages", () => {
  test("are told in that server and in no other, however it is asked", async () => {
    const question = "how do I reset the kettle, and what of page-canary-one and page-canary-two, the wizards?";
    const one = (await mention(here, bob, question)).replaceAll(question, "");
    const two = (await mention(abroad, bob, question)).replaceAll(question, "");
    expect(one).toContain("The wizard of page-canary-one");
    expect(one).not.toContain("The wizard of page-canary-two");
    expect(two).toContain("The wizard of page-canary-two");
    expect(two).not.toContain("The wizard of page-canary-one");
    const asked = (await toldFor(() => command(abroad, bob, question))).replaceAll(question, "");
    expect(asked).not.toContain("The wizard of page-canary-one");
  });
});

describe("a channel's talk", () => {
  test("is not told where channel awareness is off", async () => {
    stage.simulator.actions.say({ channelId: here.id, userId: bob, content: "the tea is channel-canary-off today" });
    expect(await mention(here, ada, followUp())).not.toContain("channel-canary-off");
  });

  test("is told in its own channel where awareness is on, as it stands now, and nowhere else", async () => {
    const { actions } = stage.simulator;
    await admin.settings(guild.id, { mode: "mention" });
    await admin.channel(guild.id, here.id, { mode: "all", smart: "on", awareness: "on" });
    const say = (channel: Channel, content: string) => actions.say({ channelId: channel.id, userId: bob, content });
    // In force within a second: until then what is said is not kept.
    await until(async () => {
      say(here, "the tea is channel-canary-on today");
      return (await mention(here, ada, followUp())).includes("channel-canary-on");
    }, 60_000);

    say(there, "the tea is channel-canary-there today");
    const deleted = say(here, "the tea is channel-canary-deleted today");
    const edited = say(here, "the tea is channel-canary-before today");
    actions.edit(here.id, edited.id, "the tea is channel-canary-after today");
    actions.delete(here.id, deleted.id);
    const told = await mention(here, ada, followUp());
    expect(told).toContain("channel-canary-after");
    for (const gone of ["channel-canary-deleted", "channel-canary-before", "channel-canary-there"]) {
      expect(told).not.toContain(gone);
    }
    expect(await mention(there, ada, followUp())).not.toContain("channel-canary");
    expect(await mention(abroad, ada, followUp())).not.toContain("channel-canary");

    await actions.command({ userId: bob, channelId: there.id, name: "forget" });
    await until(() => [...there.messages.values()].some((message) => message.ephemeralFor === bob && message.content));
    expect(await mention(here, ada, followUp())).not.toContain("channel-canary");
  });
});

describe("a conversation", () => {
  /** What who pressed the button is told; `channel` is where its message stands. */
  async function press(channel: Channel, userId: string, customId: string): Promise<string> {
    const { simulator } = stage;
    const url = `${simulator.api}/v10/channels/${channel.id}/messages`;
    // As the bot itself: nobody else's buttons reach it.
    const post = () =>
      fetch(url, {
        method: "POST",
        headers: { authorization: `Bot ${simulator.bots[0]?.token}`, "content-type": "application/json" },
        body: JSON.stringify({
          content: "Somebody waits",
          components: [{ type: 1, components: [{ type: 2, style: 1, label: "Take over", custom_id: customId }] }],
        }),
      });
    const posted = await until(async () => {
      const answer = await post();
      return answer.status !== 429 && answer;
    });
    expect(posted.status).toBe(200);
    const { id: messageId } = (await posted.json()) as { id: string };
    const interaction = await simulator.actions.component({ userId, channelId: channel.id, messageId, customId });
    return await until(() => channel.messages.get(interaction.originalId ?? "")?.content || undefined, 15_000);
  }

  test("is not taken over by a button in another server, whoever presses it, and is in its own", async () => {
    await stage.ask({ channelId: here.id, userId: ada, content: "{bot} I want to talk to a human" });
    const store = createSqlStore({ url: stage.database.url, clock: systemClock, logger: quiet });
    try {
      const find = () =>
        store.desk.find(guild.id as GuildId, { channel: here.id as ChannelId, member: ada as UserId, sinceMs: 0 });
      const talk = await until(find);
      const button = `takeover:${talk.id}`;
      // The other server's owner may do everything there.
      const told = await press(abroad, other.ownerId, button);
      expect(told).not.toContain("ada");
      expect(told).not.toContain("/live/");
      expect((await find())?.takeover.by).toBe("bot");
      expect(
        await stage.ask({ channelId: here.id, userId: ada, content: "{bot} how do I reset the kettle?" }),
      ).toHaveLength(1);
      // The same button, pressed where it belongs.
      expect(await press(here, guild.ownerId, button)).toContain(`/live/${talk.id}`);
      expect((await find())?.takeover).toMatchObject({ by: "agent", agent: guild.ownerId });
    } finally {
      await store.close();
    }
  });
});
