/**
 * Lines in a server's mod-log, and letters to an account, that are about the house itself: the plan is nearly used up, a draft
 * waits. Planned in the outbox, once a key, and sent by the job of the same name; a server without a mod-log channel gets none.
 */
import { createHash } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Discord } from "./discord.ts";
import { AppError } from "./errors.ts";
import { type Words, words } from "./i18n.ts";
import type { ApplicationId, ChannelId, GuildId } from "./ids.ts";
import type { Mailer } from "./mail.ts";
import { inRequest } from "./request.ts";
import type { OutboxEnd, OutboxTask } from "./store/ports/outbox.ts";
import type { Store } from "./store.ts";

export type Notices = {
  plan(guild: GuildId, key: string, line: (said: Words["notices"]) => string): Promise<void>;
  /** A letter to an account's address, once a key. */
  mail(to: string, key: string, letter: { readonly subject: string; readonly text: string }): Promise<void>;
};

export type NoticeSender = {
  /** Sends what is due. */
  send(signal: AbortSignal): Promise<void>;
};

const KIND = "log-line";
const MAIL = "notice-mail";
const AT_ONCE = 20;
const LEASE_MS = 60_000;
const NONCE_MS = 2 * 60_000;
const AGAIN_MS = 60_000;
const TRIES_MAX = 10;
const LINE_CHARS_MAX = 1_900;

export function createNotices(services: { readonly store: Pick<Store, "guilds" | "outbox"> }): Notices {
  const { store } = services;
  return {
    async plan(guild, key, line) {
      const settings = (await store.guilds.get(guild))?.settings;
      if (settings === undefined || settings.moderation.logChannel === null) return;
      const text = line(words(settings.language).notices).slice(0, LINE_CHARS_MAX);
      const payload = { channel: settings.moderation.logChannel, text };
      await store.outbox.plan(guild, { key: `log-line:${guild}:${key}`, kind: KIND, payload });
    },

    async mail(to, key, letter) {
      await store.outbox.plan(null, { key: `notice-mail:${key}`, kind: MAIL, payload: { to, ...letter } });
    },
  };
}

export function createNoticeSender(services: {
  readonly store: Pick<Store, "guilds" | "outbox">;
  readonly clock: Clock;
  readonly discord: (application: ApplicationId) => Discord;
  readonly mailer: Mailer | null;
}): NoticeSender {
  const { store, clock } = services;

  /** Whether a letter arrived nobody can tell after an answer that was lost: it is not sent again. */
  async function post({ key, attempts, payload }: OutboxTask, mailer: Mailer | null): Promise<void> {
    const { to, subject, text } = payload as { readonly to: string; readonly subject: string; readonly text: string };
    const finish = (end: OutboxEnd) => store.outbox.finish(null, key, end, attempts);
    if (mailer === null) return void (await finish({ refused: "no-mail-server" }));
    const begun = await store.outbox.begin(null, key, null, attempts);
    if (begun.state === "in-flight") return void (await finish({ unknown: "unanswered" }));
    if (begun.state !== "begun") return;
    const html = `<p>${Bun.escapeHTML(text)}</p>`;
    const posted = await mailer.post({ to: [to], subject, text, html, id: key });
    if (posted.posted === "yes") await finish({ message: null });
    else if (posted.posted === "unknown") await finish({ unknown: posted.problem });
    else if (posted.again && attempts < TRIES_MAX)
      await finish({ again: posted.problem, atMs: clock.now() + AGAIN_MS });
    else await finish({ failed: posted.problem });
  }

  async function write(task: OutboxTask): Promise<void> {
    const { guild, key, attempts } = task;
    const { channel, text } = task.payload as { readonly channel: ChannelId; readonly text: string };
    const row = guild === null ? null : await store.guilds.get(guild);
    if (row === null) return void (await store.outbox.finish(guild, key, { refused: "guild-gone" }, attempts));
    const begun = await store.outbox.begin(guild, key, null, attempts);
    if (begun.state === "in-flight" && clock.now() - begun.sinceMs >= NONCE_MS) {
      return void (await store.outbox.finish(guild, key, { unknown: "unanswered" }, attempts));
    }
    if (begun.state !== "begun" && begun.state !== "in-flight") return;
    try {
      const nonce = createHash("sha256").update(key).digest("base64url").slice(0, 24);
      const message = await services.discord(row.application).messages.send(channel, { content: text }, nonce);
      await store.outbox.finish(guild, key, { message }, attempts);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const again = (error.retryable || error.kind === "unknown-outcome") && attempts < TRIES_MAX;
      const end = again ? { again: error.kind, atMs: clock.now() + AGAIN_MS } : { failed: error.kind };
      await store.outbox.finish(guild, key, end, attempts);
    }
  }

  return {
    async send(signal) {
      for (const task of await store.outbox.claim([KIND, MAIL], { limit: AT_ONCE, leaseMs: LEASE_MS })) {
        if (signal.aborted) return;
        await inRequest(task.request, () => (task.kind === MAIL ? post(task, services.mailer) : write(task)));
      }
    },
  };
}
