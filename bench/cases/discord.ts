/** A whole Gatehouse between a simulated Discord and a Groq stand-in: what the bot says in each scene within 8 s. */

import { live, openStage, page, signIn } from "../../test/support/stage.ts";
import { until } from "../../test/support/until.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { type DiscordCheck, type Finding, short, textProblem } from "./check.ts";

const SAID_MS_MAX = 8_000;
/** A setting is in force within a second. */
const IN_FORCE_MS_MAX = 1_000;
const FORUM = 15;
/** MessageFlags.HasSnapshot. https://docs.discord.com/developers/resources/message#message-object-message-flags */
const HAS_SNAPSHOT = 1 << 14;

const PAGES = {
  "kettle.md": page(
    "Resetting the kettle",
    "https://docs.example/kettle",
    "Hold the copper button for seven seconds until the lid blinks green. The kettle then forgets its network.",
  ),
  "descale.md": page(
    "Descaling",
    "https://docs.example/descale",
    "Boil a spoon of citric acid in half a litre of water, wait twenty minutes, and rinse twice.",
  ),
};

export type DiscordCase = { readonly case: string; readonly check: DiscordCheck };

/** Runs all scenes on one stage, those in `mention` mode first. */
export async function checkDiscord(cases: readonly DiscordCase[], tell: (finding: Finding) => void): Promise<void> {
  const stage = await openStage("cases");
  try {
    const all = stage.gatehouse(["all"]);
    const admin = await signIn(all);
    await live(all);
    const { actions } = stage.simulator;
    const { guild, channel } = actions.createGuild({ name: "Kettles" });
    await until(
      async () => (await stage.database.admin`select 1 from guilds where guild_id = ${guild.id}`).length === 1,
    );
    await stage.teach(guild.id, PAGES);
    const forum = actions.createChannel(guild.id, { name: "help", type: FORUM });
    const scenes = createScenes(stage.simulator, { guild: guild.id, channel: channel.id, forum: forum.id });
    const inOrder = cases.toSorted((a, b) => Number(a.check.mode === "all") - Number(b.check.mode === "all"));
    let mode: string = "mention";
    for (const { case: name, check } of inOrder) {
      const wanted = check.mode ?? "mention";
      if (wanted !== mode) {
        await admin.settings(guild.id, { mode: wanted });
        await Bun.sleep(IN_FORCE_MS_MAX);
      }
      mode = wanted;
      const said = await scenes.play(check);
      const problem = textProblem(said, check) === null ? null : `the bot said ${short(said || "nothing")}`;
      tell({
        case: name,
        what: `${check.scene} ${short(check.title ?? check.replied ?? "")} ${short(check.text)}`,
        problem,
      });
    }
  } finally {
    await stage.close();
  }
}

type Places = { readonly guild: string; readonly channel: string; readonly forum: string };

function createScenes(simulator: Simulator, places: Places) {
  const { actions, services, world } = simulator;
  const bot = [...world.applications.values()][0]?.botId ?? "";
  let people = 0;
  const member = () => actions.addMember(places.guild, { username: `member-${people++}` }).userId;
  const channel = () => actions.createChannel(places.guild, { name: `room-${people}` }).id;
  const mark = () => String(world.ids.next());

  return {
    /** Plays a scene; gives what the bot said there as soon as it fits the check, or after 8 s. */
    async play(check: DiscordCheck): Promise<string> {
      const { where, after } = await begin(check);
      const said = () =>
        [...(world.channels.get(where)?.messages.values() ?? [])]
          .filter((message) => message.authorId === bot && BigInt(message.id) > BigInt(after))
          .map((message) => message.content)
          .join("\n");
      const end = performance.now() + SAID_MS_MAX;
      while (performance.now() < end && textProblem(said(), check) !== null) await Bun.sleep(100);
      return said();
    },
  };

  async function begin(check: DiscordCheck): Promise<{ readonly where: string; readonly after: string }> {
    const asker = member();
    const other = member();
    switch (check.scene) {
      case "reply": {
        const where = channel();
        const question = actions.say({ channelId: where, userId: other, content: check.replied ?? "" });
        const after = mark();
        actions.say({ channelId: where, userId: asker, content: check.text, replyTo: question.id });
        return { where, after };
      }
      case "thread": {
        const question = actions.say({ channelId: places.channel, userId: other, content: check.replied ?? "" });
        const { id: where } = actions.openThread({
          channelId: places.channel,
          userId: asker,
          name: check.title ?? "Thread",
          messageId: question.id,
        });
        const after = mark();
        actions.say({ channelId: where, userId: asker, content: check.text });
        return { where, after };
      }
      case "forum": {
        const after = mark();
        const post = { channelId: places.forum, userId: asker, name: check.title ?? "", content: check.text };
        return { where: actions.openThread(post).id, after };
      }
      case "forward": {
        const where = channel();
        const after = mark();
        dispatchForward(where, asker, check.text, places.guild);
        return { where, after };
      }
      case "forward-dm": {
        const { channelId: where } = actions.direct({ userId: asker, content: "hi" });
        await actions.messages({ channelId: where, author: "bot", count: 1, ms: 6_000 });
        const after = mark();
        dispatchForward(where, asker, check.text, null);
        if (check.caption !== undefined) {
          await actions.messages({ channelId: where, after, author: "bot", count: 1, ms: 3_000 });
          actions.direct({ userId: asker, content: check.caption });
        }
        return { where, after };
      }
      case "file": {
        const where = places.channel;
        const bytes = new TextEncoder().encode(check.body ?? "");
        const file = services.attachments.store(
          where,
          { index: 0, name: check.name ?? "message.txt", type: "text/plain; charset=utf-8", bytes },
          undefined,
        );
        const after = mark();
        actions.say({ channelId: where, userId: asker, content: check.text, attachments: [file] });
        return { where, after };
      }
    }
  }

  /** A forwarded message, as the gateway sends it: empty content, the text in `message_snapshots`. */
  function dispatchForward(where: string, author: string, text: string, guild: string | null): void {
    const now = new Date().toISOString();
    const snapshot = {
      type: 0,
      content: text,
      embeds: [],
      attachments: [],
      timestamp: now,
      edited_timestamp: null,
      flags: 0,
      mentions: [],
      mention_roles: [],
      components: [],
    };
    services.gateway.dispatchRaw("MESSAGE_CREATE", {
      ...snapshot,
      id: String(world.ids.next()),
      channel_id: where,
      content: "",
      author: { id: author, username: "member", global_name: null, discriminator: "0", avatar: null },
      tts: false,
      mention_everyone: false,
      pinned: false,
      flags: HAS_SNAPSHOT,
      message_reference: { type: 1, message_id: "1", channel_id: "2", guild_id: "3" },
      message_snapshots: [{ message: snapshot }],
      ...(guild === null ? {} : { guild_id: guild, member: { roles: [], joined_at: new Date(0).toISOString() } }),
    });
  }
}
