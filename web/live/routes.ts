/**
 * Live conversations and the desk. Each act is one call of agents.ts; afterwards the desk is shown again, with the result.
 */
import { type Agent, createAgents } from "../../src/agents.ts";
import { createEscalationTeller } from "../../src/escalation.ts";
import type { GuildId, MessageId, UserId } from "../../src/ids.ts";
import { learnPair } from "../../src/learning.ts";
import { createMemory } from "../../src/memory.ts";
import { CONVERSATION_STATES } from "../../src/store/ports/conversations.ts";
import type { LiveRow } from "../../src/store/ports/desk.ts";
import { attempt } from "../../src/trial.ts";
import { field, readForm, readUpload } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { channelNames, roleNames } from "../parts/channels.ts";
import { saveSettings } from "../parts/save-settings.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import { typesIn } from "../typing.ts";
import type { GuildVisit } from "../visit.ts";
import { type LiveList, livePage, livePart } from "./list.ts";
import { reasonToldIn } from "./reasons.ts";
import { peoplePage, readPeople, repliesPage } from "./settings.ts";
import { type Box, type Talk, talkPage, talkPart } from "./talk.ts";
import { liveWords } from "./words.ts";

/** So long after the last message a conversation is still live. */
const LIVE_MS = 30 * 60_000;
const ROWS_MAX = 100;
const TOLD_BESIDE_MAIL = ["escalation-post", "escalation-webhook", "escalation-reminder"] as const;
const MESSAGE_BOUND = { bytesMax: 11 * 1024 * 1024, deadlineMs: 60_000 };

export function liveRoutes({ services, live, names, typing }: Kit): readonly Route[] {
  const { store, clock } = services;
  const agents = createAgents({ ...services, memory: createMemory(services.hot, services.logger) });
  const teller = createEscalationTeller(services);
  const base = "/guilds/:guild/live";
  const one = `${base}/:conversation`;

  async function list(visit: GuildVisit, readRows = rowsOf): Promise<LiveList> {
    const { guild } = visit.guild;
    const on = (await services.plans.features(guild)).has("live");
    const rows = on ? await readRows(guild) : [];
    const typingUntilMs = ({ conversation }: LiveRow) => typing.until(conversation, conversation.lastAtMs, visit.nowMs);
    return {
      on,
      rows: rows.map((row) => ({ ...row, typingUntilMs: typingUntilMs(row) })),
      nameOf: await names.of(visit),
    };
  }

  const rowsOf = (guild: GuildId) => store.desk.live([guild], clock.now() - LIVE_MS, ROWS_MAX);
  const rowsTogether = (guild: GuildId) => live.together(`live ${guild}`, () => rowsOf(guild));

  async function talk(visit: GuildVisit, box: Partial<Box> = {}): Promise<Talk> {
    const { guild } = visit.guild;
    const id = idOf(visit);
    const [found, notes, escalations, replies] = await Promise.all([
      store.conversations.get(guild, id),
      store.desk.notes(guild, id),
      store.escalations.of(guild, id),
      store.desk.replies(guild),
    ]);
    if (found === null) throw new HttpRefusal("not-found");
    const [newest] = escalations;
    const keys = newest === undefined ? [] : TOLD_BESIDE_MAIL.map((kind) => `${kind}:${newest.id}`);
    const tellings = await Promise.all(keys.map((key) => store.outbox.get(guild, key)));
    const { member, memberName } = found.conversation;
    return {
      ...{ ...found, notes, escalations, replies, tellings: tellings.filter((task) => task !== null) },
      nameOf: await names.of(visit, { [member]: memberName }),
      typingUntilMs: typing.until(found.conversation, found.conversation.lastAtMs, visit.nowMs),
      box: { text: "", sources: [], problem: null, told: null, form: clock.id(), pair: null, ...box },
    };
  }

  const shown = async (visit: GuildVisit, box: Partial<Box> = {}, status = 200) =>
    htmlResponse(talkPage(visit, await talk(visit, box)), status);
  /** A conversation of another server, or none, is a 404, and the act does nothing. */
  const back = async (visit: GuildVisit) => {
    await talk(visit);
    return redirect(visit, `/guilds/${visit.guild.guild}/live/${idOf(visit)}`);
  };
  const refused = (visit: GuildVisit, why: string, text = "", status = 422) =>
    shown(visit, { problem: problemOf(visit, why), text }, status);
  const mayWatch = async (visit: GuildVisit) => {
    if (!(await services.plans.features(visit.guild.guild)).has("live")) throw new HttpRefusal("not-found");
  };
  const mayTakeOver = async (visit: GuildVisit) => {
    if (!(await services.plans.features(visit.guild.guild)).has("takeover")) throw new HttpRefusal("not-found");
  };

  return [
    route("agent-or-admin", "GET", base, async (visit) => livePage(visit, await list(visit))),

    route("agent-or-admin", "GET", `${base}/stream`, (visit) => {
      const { guild } = visit.guild;
      let shown: LiveList["rows"] = [];
      return live.stream("agent-or-admin", visit, {
        concerns: (news) =>
          ((news.type === "conversation-changed" || news.type === "takeover-changed") && news.guild === guild) ||
          typesIn(
            news,
            shown.map(({ conversation }) => conversation),
          ),
        render: async (reader) => {
          const found = await list(reader, rowsTogether);
          shown = found.rows;
          return livePart(reader, found);
        },
        watching: () => typing.watch(guild),
      });
    }),

    route("agent-or-admin", "GET", `${base}/replies`, async (visit) =>
      repliesPage(visit, await store.desk.replies(visit.guild.guild), null),
    ),

    route("agent-or-admin", "POST", `${base}/replies`, async (visit) => {
      const form = await readForm(visit);
      const { guild } = visit.guild;
      const reply = { title: field(form, "title", 80), text: field(form, "text", 4_000) };
      const words = liveWords[visit.language];
      const kept = reply.title !== "" && reply.text !== "" && (await store.desk.saveReply(guild, clock.id(), reply));
      if (kept) return redirect(visit, `/guilds/${guild}/live/replies`);
      return htmlResponse(
        repliesPage(visit, await store.desk.replies(guild), { problem: words.repliesFull, form }),
        422,
      );
    }),

    ...withForm("agent-or-admin", "DELETE", `${base}/replies/:reply`, async (visit) => {
      const gone = await store.desk.saveReply(visit.guild.guild, visit.params.reply ?? "", null);
      if (!gone) throw new HttpRefusal("not-found");
      return redirect(visit, `/guilds/${visit.guild.guild}/live/replies`);
    }),

    route("admin", "GET", `${base}/settings`, (visit) => settings(visit)),

    route("admin", "POST", `${base}/settings`, async (visit) => {
      const form = await readForm(visit);
      const { people, problems } = readPeople(form, visit);
      const next = { ...visit.guild.settings, people };
      const saved = await saveSettings(visit, form, problems.length > 0 ? null : next);
      if (saved === "saved") return redirect(visit, `/guilds/${visit.guild.guild}/live/settings?saved=1`);
      if (saved === "refused") return settings(visit, { typed: form, problems }, 422);
      const { now } = saved;
      return settings(now, { typed: form, problems, meanwhile: { ...now.guild.settings, people } }, 409);
    }),

    route("admin", "POST", `${base}/settings/test-mail`, async (visit) => {
      const words = liveWords[visit.language];
      const to = field(await readForm(visit), "to", 254);
      const posted = await teller.test(visit.guild, to);
      const told =
        posted.posted === "yes"
          ? words.testYes(posted.answer)
          : posted.posted === "no"
            ? words.testNo(reasonToldIn(visit.language, posted.problem))
            : words.testUnknown(reasonToldIn(visit.language, posted.problem));
      return settings(visit, { told });
    }),

    route("agent-or-admin", "GET", one, async (visit) => {
      const { guild } = visit.guild;
      await mayWatch(visit);
      await store.desk.change(guild, idOf(visit), { readAtMs: visit.nowMs });
      const wanted = visit.url.searchParams.get("pair");
      const found = await talk(visit, told(visit));
      return talkPage(
        visit,
        wanted === null ? found : { ...found, box: { ...found.box, pair: pairFor(found, wanted) } },
      );
    }),

    route("agent-or-admin", "GET", `${one}/stream`, async (visit) => {
      await mayWatch(visit);
      const { conversation } = await talk(visit);
      const { id, guild } = conversation;
      return live.stream("agent-or-admin", visit, {
        concerns: (news) =>
          ((news.type === "conversation-changed" || news.type === "takeover-changed") &&
            news.guild === guild &&
            news.conversation === id) ||
          typesIn(news, [conversation]),
        watching: () => typing.watch(guild),
        render: async (reader) => {
          await store.desk.change(guild, id, { readAtMs: clock.now() });
          return talkPart(reader, await talk(reader));
        },
      });
    }),

    route("agent-or-admin", "POST", `${one}/takeover`, async (visit) => {
      await mayTakeOver(visit);
      await known(visit);
      const claimed = await agents.claim(visit.guild.guild, idOf(visit), agentOf(visit), "page");
      if (!claimed.taken) return refused(visit, claimed.refused);
      if (claimed.withdrawn + claimed.left === 0) return back(visit);
      const words = liveWords[visit.language];
      return shown(visit, {
        told: claimed.withdrawn > 0 ? words.withdrawn(claimed.withdrawn) : null,
        problem: claimed.left > 0 ? words.left : null,
      });
    }),

    ...withForm("agent-or-admin", "DELETE", `${one}/takeover`, async (visit) => {
      await known(visit);
      await agents.release(visit.guild.guild, idOf(visit), agentOf(visit));
      return back(visit);
    }),

    route("agent-or-admin", "POST", `${one}/want`, async (visit) => {
      await known(visit);
      await agents.want(visit.guild.guild, idOf(visit), agentOf(visit));
      return back(visit);
    }),

    route("agent-or-admin", "POST", `${one}/say`, async (visit) => {
      await mayTakeOver(visit);
      await known(visit);
      const { form, whole } = await readUpload(visit, MESSAGE_BOUND);
      const text = field(form, "text", 8_001);
      if (!whole) return refused(visit, "file-too-big", text, 413);
      const sent = await agents.say(visit.guild.guild, idOf(visit), agentOf(visit), {
        text,
        file: await fileOf(form),
        form: field(form, "form", 40).replace(/[^\w]/g, "") || clock.id(),
      });
      return sent.said ? back(visit) : refused(visit, sent.why, text);
    }),

    route("agent-or-admin", "POST", `${one}/typing`, async (visit) => {
      await known(visit);
      const { guild } = visit.guild;
      const held = await agents.renew(guild, idOf(visit), agentOf(visit));
      if (held === null) await talk(visit);
      else await agents.typing(guild, idOf(visit));
      return new Response(null, { status: 204 });
    }),

    route("agent-or-admin", "POST", `${one}/messages/:message`, async (visit) => {
      const text = field(await readForm(visit), "text", 2_001);
      return await reword(visit, text);
    }),

    route("agent-or-admin", "POST", `${one}/messages/:message/delete`, (visit) => reword(visit, null)),

    route("agent-or-admin", "POST", `${one}/draft`, async (visit) => {
      const { guild, settings: own } = visit.guild;
      const found = await talk(visit);
      // The input stays before the draft; a file may be chosen already, of any size, and is not sent by this.
      const { form } = await readUpload(visit, MESSAGE_BOUND);
      const typed = field(form, "text", 8_000);
      const question = lastQuestion(found);
      const drafted = question === "" ? null : await attempt({ guild, question, settings: own }, services);
      if (drafted === null || drafted.answered.kind !== "known") {
        return shown(visit, { problem: liveWords[visit.language].draftNone, text: typed });
      }
      await agents.renew(guild, idOf(visit), agentOf(visit));
      const text = joined(typed, drafted.answered.text);
      return shown(visit, { text, sources: drafted.answered.sources });
    }),

    route("agent-or-admin", "POST", `${one}/insert`, async (visit) => {
      const { form } = await readUpload(visit, MESSAGE_BOUND);
      const replies = await store.desk.replies(visit.guild.guild);
      const chosen = replies.find(({ id }) => id === field(form, "reply", 40));
      return shown(visit, { text: joined(field(form, "text", 8_000), chosen?.text ?? "") });
    }),

    route("agent-or-admin", "POST", `${one}/note`, async (visit) => {
      await known(visit);
      const text = field(await readForm(visit), "text", 4_000);
      await agents.note(visit.guild.guild, idOf(visit), agentOf(visit), text);
      return back(visit);
    }),

    route("agent-or-admin", "POST", `${one}/state`, async (visit) => {
      await known(visit);
      const chosen = field(await readForm(visit), "state", 20);
      const state = CONVERSATION_STATES.find((known) => known === chosen);
      if (state === undefined) throw new HttpRefusal("bad-form");
      await agents.set(visit.guild.guild, idOf(visit), agentOf(visit), { state });
      return back(visit);
    }),

    route("agent-or-admin", "POST", `${one}/assignee`, async (visit) => {
      await known(visit);
      const me = field(await readForm(visit), "assign", 10) === "me";
      await agents.set(visit.guild.guild, idOf(visit), agentOf(visit), { assignee: me ? agentOf(visit) : null });
      return back(visit);
    }),

    route("agent-or-admin", "POST", `${one}/pair`, async (visit) => {
      await known(visit);
      const form = await readForm(visit);
      const pair = { question: field(form, "question", 501), answer: field(form, "answer", 4_001) };
      const words = liveWords[visit.language];
      if (!(await learnPair(visit.guild.guild, pair, services))) {
        return shown(visit, { problem: words.pairRefused, pair }, 422);
      }
      return shown(visit, { told: words.pairSaved });
    }),
  ];

  /** Another server's conversation does not exist here. */
  async function known(visit: GuildVisit): Promise<void> {
    if ((await store.conversations.get(visit.guild.guild, idOf(visit))) === null) throw new HttpRefusal("not-found");
  }

  async function reword(visit: GuildVisit, text: string | null): Promise<Response> {
    await known(visit);
    const message = (visit.params.message ?? "") as MessageId;
    const done = await agents.reword(visit.guild.guild, idOf(visit), message, text);
    if (!done.said && done.why === "not-found") throw new HttpRefusal("not-found");
    return done.said ? back(visit) : await refused(visit, done.why === "too-long" ? "edit-too-long" : done.why);
  }

  async function settings(
    visit: GuildVisit,
    more: Partial<Parameters<typeof peoplePage>[1]> = {},
    status = 200,
  ): Promise<Response> {
    const [channels, roles] = await Promise.all([channelNames(visit), roleNames(visit)]);
    const saved = visit.url.searchParams.get("saved") === "1" ? liveWords[visit.language].saved : null;
    const facts = {
      ...{ people: visit.guild.settings.people, channels, roles },
      mailer: services.mailer !== null,
      secret: services.secretFor(`webhook:${visit.guild.guild}`),
      told: saved,
      problems: [],
      typed: null,
      meanwhile: null,
    };
    return htmlResponse(peoplePage(visit, { ...facts, ...more }), status);
  }
}

/** `replies`, `settings` and conversations share one level: ids are 32 hex digits. */
function idOf(visit: GuildVisit): string {
  const id = visit.params.conversation ?? "";
  if (!/^[0-9a-f]{32}$/.test(id)) throw new HttpRefusal("not-found");
  return id;
}

function agentOf({ person }: GuildVisit): Agent {
  return { id: person.id as UserId, name: person.name };
}

function told(visit: GuildVisit): Partial<Box> {
  return visit.url.searchParams.get("saved") === "1" ? { told: liveWords[visit.language].saved } : {};
}

function problemOf(visit: GuildVisit, why: string): string {
  const { problems } = liveWords[visit.language];
  if (why === "unknown-outcome") return problems.unknown;
  return problems[why as keyof typeof problems] ?? problems.failed;
}

async function fileOf(form: FormData): Promise<{ readonly name: string; readonly bytes: Uint8Array } | null> {
  const file = form.get("file");
  if (!(file instanceof File) || file.size === 0) return null;
  const name = file.name.replace(/[\p{Cc}/\\]/gu, "_").slice(0, 200) || "file";
  return { name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/** The box's earlier text, with the added text. */
function joined(typed: string, added: string): string {
  return [typed, added].filter((part) => part !== "").join("\n");
}

function lastQuestion({ turns }: Talk): string {
  return turns.findLast(({ role, text }) => role === "member" && text !== "")?.text ?? "";
}

/** An agent's message with what its member had asked before it. */
function pairFor({ turns }: Talk, id: string): Box["pair"] {
  const place = turns.findIndex((turn) => turn.id === id && turn.role === "agent");
  const answer = turns[place];
  if (answer === undefined) return null;
  const asked = turns.slice(0, place).findLast(({ role, text }) => role === "member" && text !== "");
  return { question: plain(asked?.text ?? "").slice(0, 500), answer: answer.text };
}

/** Without whom it was said to. */
function plain(text: string): string {
  return text.replace(/<@[!&]?\d{1,20}>/g, "").trim();
}
