/**
 * What becomes of the demo community's questions, a line each, for who watches its terminal. Read from the store when the
 * bus says that a conversation changed: what is shown is what was recorded.
 */
import { words } from "../../src/i18n.ts";
import type { GuildId } from "../../src/ids.ts";
import { isOfName, reasonOf } from "../../src/moderation.ts";
import type { Services } from "../../src/services.ts";
import type { TurnRow } from "../../src/store/ports/conversations.ts";
import type { CaseRow } from "../../src/store/ports/moderation.ts";

const QUESTION_CHARS_MAX = 90;
const TITLE_CHARS_MAX = 50;

/** Calls `write` with one line, without its end, for each turn of the bot from now on; until the returned function is called. */
export function narrate(
  { store, bus, clock, logger }: Pick<Services, "store" | "bus" | "clock" | "logger">,
  write: (line: string) => void,
): () => void {
  const sinceMs = clock.now();
  /** Of each conversation, the last turn that was told. */
  const told = new Map<string, string>();

  const tell = async (guild: GuildId, id: string) => {
    const found = await store.conversations.get(guild, id);
    if (found === null) return;
    const { conversation, turns } = found;
    const from = turns.findIndex((turn) => turn.id === told.get(id)) + 1;
    const last = turns.at(-1);
    if (last !== undefined) told.set(id, last.id);
    for (const [index, turn] of turns.entries()) {
      if (index < from || turn.role !== "bot" || turn.atMs < sinceMs) continue;
      const asked = turns.slice(0, index).findLast(({ role }) => role === "member");
      write(exchangeLine(conversation.channelName, asked ?? null, turn));
    }
  };

  return bus.subscribe((news) => {
    const failed = (error: unknown) => logger.warn({ error }, "narration-failed");
    if (news.type === "case-added") {
      store.cases.get(news.guild, news.case).then((found) => found !== null && write(caseLine(found.case)), failed);
    }
    if (news.type !== "conversation-changed") return;
    tell(news.guild, news.conversation).catch(failed);
  });
}

/** Finders of breaches that no rule of the admin's is about. */
const BY: Readonly<Partial<Record<CaseRow["verdict"]["source"], string>>> = {
  raid: "raid mode",
  automod: "Discord's AutoMod",
  report: "a report",
};

/** `20:53:13  #lounge  Nitro Gifts: FREE NITRO… → case 3: would delete + time out (dry run), rule 1: a fake gift` */
export function caseLine(one: CaseRow): string {
  const at = new Date(one.updatedAtMs).toTimeString().slice(0, 8);
  const acts = one.plan.acts.length === 0 ? "nothing" : one.plan.acts.join(" + ");
  const [signal] = one.verdict.signals;
  const why =
    reasonOf(one.verdict, "en") || (signal === undefined ? one.verdict.source : `${signal.name} "${signal.saw}"`);
  const rule = one.rule === null ? (BY[one.verdict.source] ?? "certain without a rule") : `rule ${one.rule.n}`;
  const state = one.state === "dry-run" ? `would ${acts} (dry run)` : `${acts} (${one.problem ?? one.state})`;
  const where = isOfName(one) ? "a name" : one.channelName === "" ? "the server" : `#${one.channelName}`;
  const said = one.evidence === "" ? "joined" : short(plain(one.evidence), 60);
  return `${at}  ${where}  ${one.authorName}: ${said} → case ${one.number}: ${state}, ${rule}: ${short(plain(why), 70)}`;
}

/** `20:53:13  #help  Marcus: and on the old RS-1? → answered in 17 ms from "Lights, buttons and resets"` */
export function exchangeLine(channel: string, asked: TurnRow | null, answered: TurnRow): string {
  const { kinds, reasons } = words("en").outcomes;
  const { outcome, sources } = answered;
  const at = new Date(answered.atMs).toTimeString().slice(0, 8);
  const question = asked === null ? "" : `${asked.author}: ${short(plain(asked.text), QUESTION_CHARS_MAX)} → `;
  const kind = outcome === null ? kinds.answered : kinds[outcome.kind];
  const why: Readonly<Record<string, string>> = reasons;
  const [source] = sources;
  const because =
    source !== undefined
      ? ` from "${short(source.title, TITLE_CHARS_MAX)}"`
      : outcome === null
        ? ""
        : `: ${why[outcome.reason] ?? outcome.reason}`;
  const where = channel === "" ? "direct message" : `#${channel}`;
  return `${at}  ${where}  ${question}${kind.toLowerCase()}${outcome === null ? "" : ` in ${Math.round(outcome.ms)} ms`}${because}`;
}

function plain(text: string): string {
  return text
    .replaceAll(/<@!?\d+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function short(text: string, charsMax: number): string {
  const characters = [...text];
  return characters.length <= charsMax ? text : `${characters.slice(0, charsMax - 1).join("")}…`;
}
