/** A guild that is moderated for real on a stage of whole processes, and what the simulator's ledger says was done there. */
import type { Channel, Guild } from "../../bench/simulator/world.ts";
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { guildSettingsSchema } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import type { Store } from "../../src/store.ts";
import { quiet } from "./postgres.ts";
import { page, type Stage } from "./stage.ts";

export const SCAM = "free nitro here: https://dlscord-gift.com/claim @everyone claim your gift before it is gone";
export const INSULT = (n: number) => `you are such a pathetic idiot number ${n}, everybody here hates you`;
export const KETTLE = page(
  "Resetting the kettle",
  "https://docs.example/kettle",
  "Hold the copper button for seven seconds.",
);

export type Moderated = {
  readonly guild: Guild;
  readonly channel: Channel;
  readonly store: Store;
  members(count: number): string[];
  /** Is this message still to be seen in the channel? */
  isThere(id: string): boolean;
};

/** `more`: of the guild's moderation settings. Every action is switched on. */
export async function openModerated(stage: Stage, more: Readonly<Record<string, unknown>> = {}): Promise<Moderated> {
  const { actions, bots, world } = stage.simulator;
  const { guild, channel } = actions.createGuild({ name: "Lumen", permissions: (1n << 53n) - 1n - 8n });
  const store = createSqlStore({ url: stage.database.url, clock: systemClock, logger: quiet });
  await store.migrate();
  const row = await store.guilds.join(guild.id as GuildId, bots[0]?.applicationId as ApplicationId, "Lumen", "en-US");
  const moderation = guildSettingsSchema.shape.moderation.parse({
    ...{ on: true, live: true, warnSeconds: 0 },
    actions: { delete: true, warn: true, timeout: true, kick: true, ban: true },
    rules: [
      { n: 1, text: "No scams and no spam.", action: "timeout", kind: "spam" },
      { n: 2, text: "No insults or harassment.", action: "timeout" },
    ],
    ...more,
  });
  await store.guilds.change(row.guild, { ...row.settings, moderation }, "test", "settings");
  let last = 0;
  return {
    ...{ guild, channel, store },
    members: (count) =>
      Array.from({ length: count }, () => actions.addMember(guild.id, { username: `m${++last}` }).userId),
    isThere: (id) => world.channels.get(channel.id)?.messages.has(id) ?? false,
  };
}

/** How often each request that changes something was made and granted, by method, path and the beginning of its text. */
export function changes(stage: Stage): Map<string, number> {
  const found = new Map<string, number>();
  const said = new Set<unknown>();
  for (const entry of stage.simulator.services.ledger.list({ kind: "request" })) {
    if (entry.kind !== "request" || entry.method === "GET" || entry.status >= 300) continue;
    if (/typing|users\/@me|commands/.test(entry.path)) continue;
    // The same nonce once more: Discord answers with the message that is there.
    const made = entry.method === "POST" ? (entry.response as { id?: unknown } | null)?.id : undefined;
    if (made !== undefined && said.has(made)) continue;
    if (made !== undefined) said.add(made);
    const content = (entry.body as { content?: string } | null)?.content?.slice(0, 25) ?? "";
    const key = `${entry.method} ${entry.path} ${content}`;
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

/** Requests that would change something and name one of these members or messages, whatever Discord said to them. */
export function changesNaming(stage: Stage, ids: readonly string[]): readonly string[] {
  return stage.simulator.services.ledger.list({ kind: "request" }).flatMap((entry) => {
    if (entry.kind !== "request" || entry.method === "GET") return [];
    const whole = `${entry.method} ${entry.path} ${JSON.stringify(entry.body)}`;
    return ids.some((id) => whole.includes(id)) ? [whole] : [];
  });
}

/** Requests that Discord counts towards a ban of the address: 401, 403 and 429. */
export function refusedRequests(stage: Stage): number {
  return stage.simulator.services.ledger
    .list({ kind: "request" })
    .filter((entry) => entry.kind === "request" && [401, 403, 429].includes(entry.status)).length;
}
