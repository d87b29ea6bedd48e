/**
 * A member wants a person: what the member is told, and how the team hears of it.
 *
 * The conversation is marked, and a mail, a message and a webhook are planned, in the transaction that records the exchange
 * (store/sql/escalations.ts). Whoever runs jobs claims those tasks from the outbox and does each once: what may or may not have
 * reached the mail server ends as "unknown", and a person looks.
 */
import { hmac } from "./crypto.ts";
import { AppError, type ErrorKind } from "./errors.ts";
import type { There } from "./escalation/hours.ts";
import { teamHours } from "./escalation/hours.ts";
import { type Case, lastWords, letterOf } from "./escalation/letter.ts";
import { ESCALATION_WORDS } from "./escalation/words.ts";
import type { BotWords } from "./i18n.ts";
import type { GuildId } from "./ids.ts";
import { createGuardedFetch, type GuardedFetch } from "./knowledge.ts";
import { isMailAddress, type Posted } from "./mail.ts";
import type { Feature } from "./plans/plans.ts";
import type { Services } from "./services.ts";
import type { GuildSettings } from "./settings/form.ts";
import type { TurnRow } from "./store/ports/conversations.ts";
import type { EscalationRow, MailState } from "./store/ports/escalations.ts";
import type { GuildRow } from "./store/ports/guilds.ts";
import type { OutboxEnd, OutboxTask } from "./store/ports/outbox.ts";

/**
 * The line in place of, or below, an answer: the team knows, and when it is there. Where the plan has no escalation nobody tells
 * the team, so that the member is asked to.
 */
export function teamLine(
  mark: "marked" | "marked-before",
  said: BotWords,
  { people, features }: { readonly people: GuildSettings["people"]; readonly features: ReadonlySet<Feature> },
  nowMs: number,
): string {
  if (!features.has("escalation")) return said.notTold;
  const line = mark === "marked" ? said.marked : said.markedBefore;
  const when = hoursLine(teamHours(people, nowMs), said);
  return when === "" ? line : `${line} ${when}`;
}

/** Discord shows `<t:…>` in each reader's own time zone. */
function hoursLine(there: There, said: BotWords): string {
  if (there.there === "now") return said.teamUntil(`<t:${Math.floor(there.untilMs / 1_000)}:t>`);
  if (there.there === "later") return said.teamFrom(`<t:${Math.floor(there.fromMs / 1_000)}:F>`);
  return there.there === "never" ? said.teamAway : "";
}

export type EscalationTeller = {
  /** Does what is due of one claimed task, and says how it ended. */
  tell(task: OutboxTask): Promise<void>;
  /** Has a second person told of those whom nobody took. */
  remind(): Promise<void>;
  /** One letter to an address, now; the server's own answer. */
  test(row: GuildRow, to: string): Promise<Posted>;
};

export const TELLING_KINDS = [
  "escalation-mail",
  "escalation-post",
  "escalation-webhook",
  "escalation-reminder",
] as const;

const TRIES_MAX = 8;
const POST_TRIES_MAX = 3;
const POST_AGAIN_MS = 2_000;
const LOST: readonly ErrorKind[] = ["unknown-outcome", "timeout", "unavailable"];
const SUMMARY_MS_MAX = 8_000;
const SUMMARY_TURNS_MAX = 20;
const REMIND_MAX = 100;

export function createEscalationTeller(
  services: Pick<
    Services,
    "store" | "clock" | "logger" | "llm" | "mailer" | "discord" | "config" | "plans" | "bus" | "secretFor"
  >,
  /** How outside addresses are reached. */
  guardedFetch: GuardedFetch = createGuardedFetch(services.clock),
): EscalationTeller {
  const { store, clock, logger, llm, mailer, config, plans, bus } = services;

  async function tell(task: OutboxTask): Promise<void> {
    const { guild, key, attempts } = task;
    const id = (task.payload as { readonly escalation?: string } | null)?.escalation ?? "";
    if (guild === null) return;
    const found = await read(guild, id);
    const done = (end: OutboxEnd) => store.outbox.finish(guild, key, end, attempts);
    if (found === null) return void (await done({ refused: "the conversation is gone" }));
    const way = wayOf(task.kind, found);
    if (way === null || !(await plans.features(guild)).has("escalation")) {
      if (task.kind === "escalation-mail") await store.escalations.mailed(guild, id, "none", null);
      return void (await done({ refused: "not set up" }));
    }
    // Save the summary before sending anything: the model is asked once, even if a send fails.
    const about = await summarised(found);
    const begun = await store.outbox.begin(guild, key, null, attempts);
    if (begun.state === "in-flight") {
      await done({ unknown: "the process ended while it was being sent" });
      return await noted(task, found.escalation, { posted: "unknown", problem: "the process ended" });
    }
    if (begun.state !== "begun") return;
    const posted = await way(about);
    await noted(task, found.escalation, posted);
    await done(endOf(posted, attempts));
  }

  function endOf(posted: Posted, attempts: number): OutboxEnd {
    if (posted.posted === "yes") return { message: null };
    if (posted.posted === "unknown") return { unknown: posted.problem };
    if (!posted.again || attempts >= TRIES_MAX) return { failed: posted.problem };
    return { again: posted.problem, atMs: clock.now() + Math.min(30 * 60_000, 15_000 * 2 ** attempts) };
  }

  /** The page shows what became of the mail. */
  async function noted(task: OutboxTask, { guild, id, conversation }: EscalationRow, posted: Posted): Promise<void> {
    if (task.kind === "escalation-mail") {
      const last = task.attempts >= TRIES_MAX || (posted.posted === "no" && !posted.again);
      const states: { [kind in Posted["posted"]]: MailState } = {
        yes: "sent",
        unknown: "unknown",
        no: last ? "failed" : "planned",
      };
      const refused = posted.posted === "yes" ? posted.refused.join(", ") : "";
      const problem = posted.posted === "yes" ? (refused === "" ? null : `not taken: ${refused}`) : posted.problem;
      await store.escalations.mailed(guild, id, states[posted.posted], problem);
    }
    if (posted.posted !== "yes") logger.warn({ guild, kind: task.kind, problem: posted.problem }, "team-not-told");
    await bus.publish({ type: "conversation-changed", guild, conversation });
  }

  type Found = Case & { readonly row: GuildRow };

  async function read(guild: GuildId, id: string): Promise<Found | null> {
    const [row, escalation] = await Promise.all([store.guilds.get(guild), store.escalations.get(guild, id)]);
    if (row === null || escalation === null) return null;
    const talk = await store.conversations.get(guild, escalation.conversation);
    if (talk === null) return null;
    const link = `${config.web.publicUrl}/guilds/${guild}/live/${escalation.conversation}`;
    return { row, escalation, turns: talk.turns, guildName: row.name, link, language: row.settings.language };
  }

  async function summarised(found: Found): Promise<Found> {
    if (found.escalation.summary !== "") return found;
    const { guild, id } = found.escalation;
    const summary = (await summaryOf(found.turns, found.language)) || lastWords(found.turns);
    await store.escalations.summarise(guild, id, summary);
    return { ...found, escalation: { ...found.escalation, summary } };
  }

  async function summaryOf(turns: readonly TurnRow[], language: string): Promise<string> {
    if (llm === null || turns.length === 0) return "";
    const said = turns.slice(-SUMMARY_TURNS_MAX).map(({ role, author, text }) => ({ role, author, text }));
    try {
      const { result } = await llm.complete({ task: "summary", turns: said, language }, { deadlineMs: SUMMARY_MS_MAX });
      return result.summary.trim().slice(0, 600);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logger.debug({ reason: error.kind }, "summary-failed");
      return "";
    }
  }

  /** How the team is told by a task of this kind; null where the admin did not set it. */
  function wayOf(kind: string, { row, escalation }: Found): ((about: Found) => Promise<Posted>) | null {
    const { people } = row.settings;
    const waited = Math.max(1, Math.round((clock.now() - escalation.atMs) / 60_000));
    if (kind === "escalation-mail" || kind === "escalation-reminder") {
      const reminds = kind === "escalation-reminder";
      const second = reminds && people.secondMail !== "" ? [people.secondMail] : people.mails;
      const to = second.filter(isMailAddress);
      if (mailer === null || to.length === 0) return null;
      return (about) => mailer.post(letterOf(about, to, reminds ? waited : null));
    }
    if (kind === "escalation-post" && people.channel !== null) return (about) => post(about);
    if (kind === "escalation-webhook" && people.webhook !== "") return (about) => hook(about, people.webhook);
    return null;
  }

  async function post({ row, escalation, link, language }: Found): Promise<Posted> {
    const { channel } = row.settings.people;
    if (channel === null) return { posted: "no", problem: "no channel", again: false };
    const said = ESCALATION_WORDS[language];
    const plain = (text: string) => text.replace(/[@<>`*_~|[\]()\\]/g, " ").trim();
    const content = `**${plain(said.subject(escalation.memberName, row.name))}** <#${escalation.channel}>\n${said.reasons[escalation.reason]}\n> ${plain(escalation.summary).replaceAll("\n", "\n> ").slice(0, 900)}`;
    const outgoing = {
      content,
      suppressEmbeds: true,
      buttons: [
        { id: `takeover:${escalation.conversation}`, label: said.takeOver },
        { id: "open", label: said.open, url: link },
      ],
    };
    let lost = "";
    for (let attempt = 0; attempt < POST_TRIES_MAX; attempt++) {
      if (attempt > 0) await clock.sleep(POST_AGAIN_MS);
      try {
        const { messages } = services.discord(row.application);
        await messages.send(channel as never, outgoing, escalation.id.slice(0, 24));
        return { posted: "yes", answer: "", refused: [] };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const { kind, message: problem } = error;
        if (!LOST.includes(kind))
          return { posted: "no", problem, again: kind === "rate-limited" || kind === "overloaded" };
        // It may be there. Sent again at once, Discord knows it by its nonce; later it would be there twice.
        lost = problem;
      }
    }
    return { posted: "unknown", problem: lost };
  }

  async function hook({ row, escalation, link }: Found, url: string): Promise<Posted> {
    const body = JSON.stringify({
      ...{ type: "escalation", id: escalation.id, guild: row.guild, conversation: escalation.conversation },
      ...{ member: { id: escalation.member, name: escalation.memberName }, channel: escalation.channel },
      ...{ reason: escalation.reason, summary: escalation.summary, at: new Date(escalation.atMs).toISOString(), link },
    });
    const stamp = String(Math.floor(clock.now() / 1_000));
    const signature = hmac(services.secretFor(`webhook:${row.guild}`), `${stamp}.${body}`);
    const headers = {
      "user-agent": "Gatehouse/1.0 (webhook)",
      "content-type": "application/json",
      "gatehouse-timestamp": stamp,
      "gatehouse-signature": `sha256=${signature}`,
      "gatehouse-delivery": escalation.id,
    };
    const answer = await guardedFetch(url, { post: { body, headers }, bodyBytesMax: 64 * 1024 });
    if ("refused" in answer) return { posted: "no", problem: answer.refused, again: answer.blocked !== true };
    if (answer.status >= 200 && answer.status < 300) {
      return { posted: "yes", answer: String(answer.status), refused: [] };
    }
    return {
      posted: "no",
      problem: `it answered ${answer.status}`,
      again: answer.status >= 500 || answer.status === 429,
    };
  }

  return {
    tell,
    async remind() {
      for (const one of await store.escalations.waiting(clock.now(), REMIND_MAX)) {
        await store.escalations.remind(one.guild, one.id);
      }
    },
    async test(row, to) {
      if (mailer === null) return { posted: "no", problem: "SMTP_URL is not set", again: false };
      if (!isMailAddress(to)) return { posted: "no", problem: "this is no e-mail address", again: false };
      const said = ESCALATION_WORDS[row.settings.language].test;
      const subject = said.subject(row.name);
      const html = `<p>${said.text}</p>`;
      return await mailer.post({ to: [to], subject, text: said.text, html, id: clock.id() });
    },
  };
}
