/**
 * What members of some servers do all day, at a steady pace: they talk, ask, insult, edit, delete, react, come and go; an operator
 * looks at pages, has one open that is told of changes, uploads a file again and changes a setting. Whoever asked is remembered
 * until the bot has replied, so that at the end it is known who was left out and who was answered twice.
 */
import type { GuildId } from "../../src/ids.ts";
import { defaultSettings, guildSettingsSchema } from "../../src/settings/form.ts";
import type { Store } from "../../src/store.ts";
import { INSULT, SCAM } from "../../test/support/moderated.ts";
import type { Admin, Stage } from "../../test/support/stage.ts";
import type { Channel, Guild } from "../simulator/world.ts";

const GUILDS = 24;
const MEMBERS = 60;
/** A member asks in a channel of their own: Discord takes five messages in 5 s from a bot in one channel. */
const ASKERS = 120;
const CHATTER = [
  "has anybody seen the new kettle in the shop?",
  "mine is still on its way, the parcel service says tomorrow",
  "lol same here",
  "günaydın herkese, çaydanlık geldi mi?",
  "the lid of mine blinks green, is that good?",
  "how do I reset the kettle when it forgot its network?",
  "which button is it that one holds?",
  "thanks, that worked",
] as const;
const QUESTIONS = [
  "how do I reset the kettle?",
  "what does the copper button do?",
  "çaydanlığı nasıl sıfırlarım?",
] as const;
const PAGES = ["", "/live", "/conversations", "/moderation", "/usage", "/audit", "/knowledge", "/decisions"] as const;

export type MixedLoad = {
  /** One second of it. */
  second(n: number): Promise<void>;
  /** Questions that were put to the bot, and of those: without a reply yet (their ids), with more than one. */
  questions(): { readonly asked: number; readonly unanswered: readonly string[]; readonly doubled: number };
  /** Pages and forms that were not answered as they should be, by status. */
  readonly refused: ReadonlyMap<string, number>;
  stop(): void;
};

export type Place = { readonly guild: Guild; readonly channel: Channel; readonly members: readonly string[] };

/** Servers with members in them: half of them with smart mode and moderation, and all of them with a page of knowledge. */
export async function settle(stage: Stage, store: Store, text: string): Promise<readonly Place[]> {
  const { actions, bots } = stage.simulator;
  const moderation = guildSettingsSchema.shape.moderation.parse({
    ...{ on: true, live: true, warnSeconds: 0, actions: { delete: true, warn: true, timeout: true } },
    rules: [{ n: 1, text: "No scams and no insults.", action: "delete" }],
  });
  const places: Place[] = [];
  for (let n = 0; n < GUILDS; n++) {
    const { guild, channel } = actions.createGuild({ name: `Kettles ${n}`, permissions: (1n << 53n) - 1n - 8n });
    const row = await store.guilds.join(
      guild.id as GuildId,
      (bots[0]?.applicationId ?? "") as Parameters<Store["guilds"]["join"]>[1],
      guild.name,
      "en-US",
    );
    const settings = n % 2 === 0 ? { ...defaultSettings, mode: "all" as const, moderation } : defaultSettings;
    await store.guilds.change(row.guild, settings, "bench", "settings");
    const members = Array.from(
      { length: MEMBERS },
      (_, m) => actions.addMember(guild.id, { username: `member-${n}-${m}` }).userId,
    );
    places.push({ guild, channel, members });
  }
  for (const { guild } of places.slice(0, 4)) await stage.teach(guild.id, { "kettle.md": text });
  return places;
}

export function startMixedLoad(options: {
  readonly stage: Stage;
  readonly places: readonly Place[];
  readonly admin: Admin;
  readonly origin: string;
  readonly random: () => number;
}): MixedLoad {
  const { stage, places, admin, origin, random } = options;
  const { actions, world, bots, services } = stage.simulator;
  const some = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const askers = Array.from({ length: ASKERS }, (_, n) => {
    const place = places[n % places.length] as Place;
    return {
      userId: place.members[n % MEMBERS] as string,
      channel: actions.createChannel(place.guild.id, { name: `help-${n}` }),
    };
  });
  const open = new Set<string>();
  const replies = new Map<string, number>();
  const refused = new Map<string, number>();
  let asked = 0;
  let stream: AbortController | null = null;
  const botId = bots[0]?.userId;

  const heard = (event: { readonly t: string; readonly message?: unknown }) => {
    const { authorId, repliedToId } = (event.message ?? {}) as { authorId?: string; repliedToId?: string };
    if (event.t !== "MESSAGE_CREATE" || authorId !== botId || repliedToId === undefined) return;
    const times = replies.get(repliedToId);
    if (times === undefined) return;
    replies.set(repliedToId, times + 1);
    open.delete(repliedToId);
  };
  world.listeners.add(heard);

  function ask(n: number): void {
    // While Discord has no session of the bot's, nothing that is said reaches it, then or later.
    if (services.gateway.sessions.size === 0) return;
    const { userId, channel } = askers[n % askers.length] as (typeof askers)[number];
    const { id } =
      attempt(() => actions.say({ channelId: channel.id, userId, content: `{bot} ${some(QUESTIONS)}` })) ?? {};
    if (id === undefined) return;
    asked++;
    open.add(id);
    replies.set(id, 0);
  }

  function chat(n: number): void {
    const { guild, channel, members } = some(places);
    const said = attempt(() => actions.say({ channelId: channel.id, userId: some(members), content: some(CHATTER) }));
    if (said === null) return;
    if (n % 5 === 0) attempt(() => actions.edit(channel.id, said.id, `${said.content} (edited)`));
    if (n % 7 === 0) attempt(() => actions.react(channel.id, said.id, some(members), "👍"));
    if (n % 11 === 0) attempt(() => actions.delete(channel.id, said.id));
    if (n % 13 === 0) actions.addMember(guild.id, { username: `visitor-${n % 500}` });
  }

  async function get(path: string): Promise<void> {
    await noted(`GET ${path.replaceAll(/\d{15,}/g, ":id")}`, () =>
      fetch(`${origin}${path}`, { headers: { cookie: admin.cookie }, signal: AbortSignal.timeout(20_000) }),
    );
  }

  async function upload(n: number): Promise<void> {
    const form = new FormData();
    form.set("name", "Kettles");
    form.set("files", new File([`# Kettle ${n % 4}\n\nHold button ${n % 4} for seven seconds.`], "kettle.md"));
    await noted("POST files", () =>
      fetch(`${origin}/guilds/${(places[0] as Place).guild.id}/knowledge/files`, {
        ...{ method: "POST", redirect: "manual", body: form, signal: AbortSignal.timeout(20_000) },
        headers: { cookie: admin.cookie, "sec-fetch-site": "same-origin" },
      }),
    );
  }

  async function noted(what: string, request: () => Promise<Response>): Promise<void> {
    try {
      const answer = await request();
      await answer.arrayBuffer();
      if (answer.status >= 400) count(refused, `${what}: ${answer.status}`);
    } catch (error) {
      count(refused, `${what}: ${error instanceof Error ? error.name : "failed"}`);
    }
  }

  /** Opens a page that is told of changes, in place of the one before. */
  function watch(): void {
    stream?.abort();
    const mine = new AbortController();
    stream = mine;
    const { guild } = some(places);
    void (async () => {
      const answer = await fetch(`${origin}/guilds/${guild.id}/live/stream`, {
        ...{ headers: { cookie: admin.cookie }, signal: mine.signal },
      });
      for await (const _ of answer.body ?? []);
    })().catch(() => {});
  }

  async function command(): Promise<void> {
    const { channel, members } = places[0] as Place;
    const run = { userId: some(members), channelId: channel.id, name: "ask", options: { question: some(QUESTIONS) } };
    const answered = await actions.command(run).catch((error: unknown) => error);
    if (answered instanceof Error) count(refused, `/ask: ${answered.message}`);
  }

  return {
    refused,
    async second(n) {
      for (let line = 0; line < 4; line++) chat(n * 4 + line);
      ask(n);
      const { channel, members } = places[0] as Place;
      if (n % 6 === 0)
        attempt(() =>
          actions.say({ channelId: channel.id, userId: some(members), content: n % 12 === 0 ? SCAM : INSULT(n) }),
        );
      const calls: Promise<unknown>[] = [];
      if (n % 5 === 0) calls.push(command());
      calls.push(get(`/guilds/${some(places).guild.id}${some(PAGES)}`));
      if (n % 10 === 0) watch();
      if (n % 10 === 5) calls.push(get("/operator"), get("/metrics"));
      if (n % 60 === 30) calls.push(upload(n));
      await Promise.all(calls);
    },
    questions: () => ({
      asked,
      unanswered: [...open],
      doubled: [...replies.values()].filter((times) => times > 1).length,
    }),
    stop() {
      stream?.abort();
      world.listeners.delete(heard);
    },
  };
}

/** A member who was timed out, or whose message has gone, does nothing then. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
