/** Schedules to make, change, pause and remove; drafts to read, edit and send; the history of posts. */
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { createProactive, nextSlot, POST_CHARS_MAX, SCHEDULES_MAX } from "../../src/proactive.ts";
import type { PostRow, ScheduleRow } from "../../src/store/ports/proactive.ts";
import { field, readForm } from "../body.ts";
import { type Route, route, withForm } from "../guard.ts";
import { type ChannelName, channelNames } from "../parts/channels.ts";
import { formVersion } from "../parts/form-version.ts";
import { HttpRefusal } from "../refusal.ts";
import { htmlResponse, redirect } from "../respond.ts";
import type { GuildVisit } from "../visit.ts";
import { readSchedule, type ScheduleProblem } from "./form.ts";
import { proactivePage } from "./view.ts";

export type ProactiveFacts = {
  readonly schedules: readonly ScheduleRow[];
  readonly drafts: readonly PostRow[];
  readonly posts: readonly PostRow[];
  readonly cursor: string | null;
  readonly channels: readonly ChannelName[];
  readonly saved: boolean;
  readonly problem: ScheduleProblem | null;
  /** A form that was not saved, and its schedule or draft; `of` null: a new schedule. */
  readonly typed: { readonly of: string | null; readonly form: FormData } | null;
  /** Why a post could not be written or sent: a fixed word. */
  readonly refused: string | null;
};

const POSTS_SHOWN = 30;
const MINUTE_MS = 60_000;

export const proactiveRoutes: readonly Route[] = [
  route("admin", "GET", "/guilds/:guild/proactive", async (visit) => proactivePage(visit, await facts(visit))),

  route("admin", "POST", "/guilds/:guild/proactive", (visit) => save(visit, null)),
  route("admin", "POST", "/guilds/:guild/proactive/:schedule", async (visit) => save(visit, await scheduleOf(visit))),

  ...withForm("admin", "DELETE", "/guilds/:guild/proactive/:schedule", async (visit) => {
    const removed = await visit.services.store.proactive.remove(visit.guild.guild, visit.params.schedule ?? "");
    if (!removed) throw new HttpRefusal("not-found");
    return back(visit);
  }),

  route("admin", "POST", "/guilds/:guild/proactive/:schedule/pause", async (visit) => {
    const row = await scheduleOf(visit);
    return put(visit, row, { schedule: row.schedule, paused: !row.paused }, null);
  }),

  route("admin", "POST", "/guilds/:guild/proactive/:schedule/draft", async (visit) => {
    const made = await createProactive(visit.services).draft(visit.guild, await scheduleOf(visit));
    return "refused" in made ? await refuse(visit, made.refused) : back(visit);
  }),

  route("admin", "POST", "/guilds/:guild/proactive/:schedule/post", async (visit) => {
    const proactive = createProactive(visit.services);
    const made = await proactive.draft(visit.guild, await scheduleOf(visit));
    const refused = "refused" in made ? made.refused : await proactive.send(visit.guild, made);
    return refused === null ? back(visit) : await refuse(visit, refused);
  }),

  route("admin", "POST", "/guilds/:guild/proactive/:schedule/posts/:slot", async (visit) => {
    const { services, guild, params } = visit;
    const form = await readForm(visit);
    const draft = { schedule: params.schedule ?? "", slotMs: Number(params.slot) };
    if (!Number.isSafeInteger(draft.slotMs)) throw new HttpRefusal("not-found");
    const step = field(form, "step", 20);
    const text = field(form, "text", POST_CHARS_MAX);
    if (text === "" && step !== "discard") return await refuse(visit, "empty");
    const change = step === "discard" ? ({ state: "discarded" } as const) : { text };
    const { items } = await services.store.proactive.posts(guild.guild, 2 * POSTS_SHOWN);
    const known = items.find((one) => one.schedule === draft.schedule && one.slotMs === draft.slotMs);
    if (known?.state !== "draft") return await refuse(visit, "gone");
    const typed = { of: `${draft.schedule}.${draft.slotMs}`, form };
    if (field(form, "version") !== formVersion(known.text)) return await refuse(visit, "changed", typed);
    const over = { ...draft, holder: null, over: known.text };
    if (!(await services.store.proactive.write(guild.guild, over, change)))
      return await refuse(visit, "changed", typed);
    if (step !== "send") return back(visit);
    const refused = await createProactive(services).send(guild, draft);
    return refused === null ? back(visit) : await refuse(visit, refused);
  }),
];

async function save(visit: GuildVisit, row: ScheduleRow | null): Promise<Response> {
  const form = await readForm(visit);
  const read = readSchedule(form, await channelNames(visit));
  const typed = { of: row?.id ?? null, form };
  if (row !== null && field(form, "version") !== formVersion(row.schedule))
    return await problem(visit, "changed", typed);
  if ("problem" in read) return await problem(visit, read.problem, typed);
  return await put(visit, row, { schedule: read.schedule, paused: row?.paused ?? false }, typed);
}

/** `row` as it was read: a later change by another person is not overwritten. */
async function put(
  visit: GuildVisit,
  row: ScheduleRow | null,
  next: Pick<ScheduleRow, "schedule" | "paused">,
  typed: ProactiveFacts["typed"],
): Promise<Response> {
  const { services, guild, nowMs } = visit;
  const nextAtMs = nextSlot(next.schedule, nowMs) ?? nowMs + 365 * 24 * 60 * MINUTE_MS;
  const which = row === null ? { id: null } : { id: row.id, over: row.schedule };
  try {
    const saved = await services.store.proactive.save(guild.guild, { ...which, ...next, nextAtMs }, SCHEDULES_MAX);
    return saved === null ? await problem(visit, row === null ? "too-many" : "gone", typed) : back(visit);
  } catch (error) {
    if (error instanceof AppError && error.kind === "conflict") return await problem(visit, "changed", typed);
    throw error;
  }
}

async function scheduleOf(visit: GuildVisit): Promise<ScheduleRow> {
  const { services, guild, params } = visit;
  const found = (await services.store.proactive.schedules(guild.guild as GuildId)).find(
    ({ id }) => id === params.schedule,
  );
  if (found === undefined) throw new HttpRefusal("not-found");
  return found;
}

async function facts(visit: GuildVisit): Promise<ProactiveFacts> {
  const { services, guild, url } = visit;
  const before = field(url.searchParams, "before", 60);
  const [schedules, page, channels] = await Promise.all([
    services.store.proactive.schedules(guild.guild),
    services.store.proactive.posts(guild.guild, POSTS_SHOWN, before === "" ? undefined : before),
    channelNames(visit),
  ]);
  return {
    ...{ schedules, channels, cursor: page.cursor },
    drafts: page.items.filter((post) => post.state === "draft"),
    posts: page.items.filter((post) => post.state !== "draft"),
    saved: url.searchParams.get("saved") === "1",
    ...{ problem: null, refused: null, typed: null },
  };
}

async function problem(visit: GuildVisit, what: ScheduleProblem, typed: ProactiveFacts["typed"]): Promise<Response> {
  const page = proactivePage(visit, { ...(await facts(visit)), problem: what, typed });
  return htmlResponse(page, what === "changed" ? 409 : 422);
}

async function refuse(visit: GuildVisit, refused: string, typed: ProactiveFacts["typed"] = null): Promise<Response> {
  return htmlResponse(proactivePage(visit, { ...(await facts(visit)), refused, typed }), 409);
}

function back(visit: GuildVisit): Response {
  return redirect(visit, `/guilds/${visit.guild.guild}/proactive?saved=1`);
}
