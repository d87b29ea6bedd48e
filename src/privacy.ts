/**
 * One person's data over the database and Redis: handed out, taken out, and searched for.
 *
 * The search looks for the id, and for any five words in a row (a 5-gram) of the texts that an export holds. What may stay is
 * named with its reason; anything else found is a fault.
 */
import { type HotEntry, hotKey } from "./hot.ts";
import type { GuildId, UserId } from "./ids.ts";
import { createMemory } from "./memory.ts";
import type { MainServices } from "./services.ts";
import type { KeptRows, KeptText } from "./store/ports/privacy.ts";

export type PrivacyExport = {
  readonly user: UserId;
  readonly guild: GuildId | null;
  readonly at: string;
  readonly tables: KeptRows;
  /** Of Redis; null where hot state lives in the process that serves, and goes within half an hour. */
  readonly hot: readonly HotEntry[] | null;
};

export type PrivacyHit = {
  readonly place: string;
  readonly saw: "id" | "words";
  readonly count: number;
  /** Why it may stay; null: it may not. */
  readonly reason: string | null;
};

/** A line of a log, and the file that it stands in. */
export type SearchedLine = { readonly file: string; readonly text: string };

type Parts = Pick<MainServices, "store" | "hot" | "hotEntries" | "clock" | "logger">;

const GRAM_WORDS = 5;
/** Columns of an export that hold people's own words. Texts of a model or of the team quote knowledge, which stays. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set(["text", "evidence", "summary"]);
const FORGOTTEN = ":forgotten";

export async function exportPerson({ store, hotEntries, clock }: Parts, user: UserId, guild: GuildId | null) {
  const here = (key: string) => guild === null || key.startsWith(hotKey(guild));
  let hot: HotEntry[] | null = null;
  if (hotEntries !== null) {
    hot = [];
    for await (const entry of hotEntries()) {
      if (!here(entry.key)) continue;
      // A channel's window holds other people's words too.
      const lines = entry.text.split("\n").filter((line) => names(entry.key, user) || names(line, user));
      if (lines.length > 0) hot.push({ key: entry.key, text: lines.join("\n") });
    }
  }
  const tables = await store.privacy.everything(user, guild);
  return { user, guild, at: new Date(clock.now()).toISOString(), tables, hot } satisfies PrivacyExport;
}

/** Answers in how many guilds there was something, and how many keys of Redis went. */
export async function forgetPerson({ store, hot, hotEntries, clock, logger }: Parts, user: UserId) {
  const guilds = await store.privacy.forget(user);
  const memory = createMemory(hot, logger);
  for (const guild of guilds) await memory.forget(guild, user, clock.now());
  let keys = 0;
  if (hotEntries !== null) {
    for await (const { key, text } of hotEntries()) {
      // The opt-out stays as long as the messages that it forbids to read.
      if (key.endsWith(FORGOTTEN) || !(names(key, user) || names(text, user))) continue;
      await hot.remove([key]);
      keys++;
    }
  }
  return { guilds: guilds.length, keys };
}

/** Everything that still names the person or repeats their words, by place; `logs`: what else is searched. */
export async function searchPerson(
  { store, hotEntries }: Parts,
  user: UserId,
  exported: unknown,
  logs: AsyncIterable<SearchedLine> | null = null,
) {
  const grams = new Set(textsIn(exported, null, user).flatMap(gramsOf));
  const hits = new Map<string, PrivacyHit>();
  const look = (place: string, text: string) => {
    const saw = names(text, user)
      ? "id"
      : grams.size > 0 && gramsOf(text).some((gram) => grams.has(gram))
        ? "words"
        : null;
    if (saw === null) return;
    const id = `${place} ${saw}`;
    hits.set(id, { place, saw, count: (hits.get(id)?.count ?? 0) + 1, reason: reasonOf(place, saw) });
  };
  for await (const texts of store.privacy.texts()) {
    for (const { table, column, text } of texts as readonly KeptText[]) look(`${table}.${column}`, text);
  }
  if (hotEntries !== null) {
    for await (const { key, text } of hotEntries()) {
      look(`redis ${key.replaceAll(/\d{15,}/g, "…")}`, `${key} ${text}`);
    }
  }
  for await (const { file, text } of logs ?? []) look(`log ${file}`, text);
  return { grams: grams.size, hits: [...hits.values()] };
}

const TEAMS_OWN = ["sources", "documents", "passages", "checks", "saved_replies", "proactive_posts"];

function reasonOf(place: string, saw: PrivacyHit["saw"]): string | null {
  const [table = ""] = place.split(".");
  if (TEAMS_OWN.includes(table)) return "the team's own text: who wrote it takes it out in the dashboard";
  if (table === "opt_outs") return "the wish not to be read: it is kept until they want to be read again";
  if (place === "guilds.settings" && saw === "id") return "a server's settings name them: its admins take that out";
  if (place.startsWith("redis ") && place.endsWith(FORGOTTEN)) return "the wish to be forgotten; goes after 30 minutes";
  return null;
}

/** As a word of its own: not as a part of a longer number. */
function names(text: string, user: UserId): boolean {
  for (let at = text.indexOf(user); at >= 0; at = text.indexOf(user, at + 1)) {
    const around = `${text[at - 1] ?? " "}${text[at + user.length] ?? " "}`;
    if (!/[0-9a-z]/.test(around)) return true;
  }
  return false;
}

function gramsOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(GRAM_WORDS - 1).map((_, at) => words.slice(at, at + GRAM_WORDS).join(" "));
}

/** Redis holds JSON, one item a line: of that only the texts count, or every talk would share its field names. */
function wordsOf(text: string, user: UserId): string[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [line];
    try {
      return textsIn(JSON.parse(line), null, user);
    } catch {
      // Somebody wrote a line that begins with a brace.
      return [line];
    }
  });
}

/** The person's own texts in all tables of an export, without the bot's and the agents'. */
function textsIn(value: unknown, column: string | null, user: UserId): string[] {
  if (typeof value === "string") return column !== null && TEXT_COLUMNS.has(column) ? wordsOf(value, user) : [];
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => textsIn(item, column, user));
  const { role, by, by_id: byId = by } = value as { role?: unknown; by?: unknown; by_id?: unknown };
  if ("text" in value && typeof role === "string" && role !== "member" && role !== "user") return [];
  if ("text" in value && typeof byId === "string" && byId !== user) return [];
  // The lines around their messages are other people's.
  return Object.entries(value).flatMap(([name, item]) => (name === "context" ? [] : textsIn(item, name, user)));
}
