/**
 * Smart mode and moderation in every guild of a subject: the whole prefilter runs on every message, and what smart mode considers is looked up
 * in a small knowledge base of each guild's own, which is about something else.
 */
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { createCutter } from "../../src/knowledge/import/cutter.ts";
import { savePairs } from "../../src/knowledge.ts";
import { createLogger } from "../../src/logger.ts";
import { defaultSettings, type GuildSettings, guildSettingsSchema } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { firstGuild, GUILDS, guildId } from "./frames.ts";
import { type Feeder, type Sample, type Subject, until } from "./subject.ts";

const AT_ONCE = 16;
const PAIRS = [
  {
    question: "How do I pair a sensor with the hub?",
    answer: "Hold the hub's button for 3 seconds. The light blinks blue: pairing is open for 120 seconds.",
  },
  { question: "When are refunds paid?", answer: "Refunds are paid within 14 days of the purchase, without a reason." },
  {
    question: "How often must batteries be changed?",
    answer: "A door sensor's battery lasts two years, a camera's a month.",
  },
  {
    question: "Which colours does the lamp have?",
    answer: "White, warm white and sixteen colours, chosen in the app.",
  },
];

/** Settles when nothing is proven silent any more. */
export async function listenToEverything(
  feeder: Feeder,
  subject: Subject,
  databaseUrl: string,
  application: string,
): Promise<void> {
  const { name, token } = subject;
  const store = createSqlStore({
    url: databaseUrl,
    clock: systemClock,
    logger: createLogger({ level: "error", format: "text" }),
  });
  const settings: GuildSettings = {
    ...defaultSettings,
    mode: "all",
    moderation: guildSettingsSchema.shape.moderation.parse({ on: true, rules: ["No insults"] }),
  };
  const cutter = createCutter(systemClock);
  const bus = { publish: async () => {} };
  const first = firstGuild(application);
  for (let i = first; i < first + GUILDS; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, first + GUILDS - i) }, (_, n) => i + n);
    await Promise.all(
      some.map(async (n) => {
        await store.guilds.join(guildId(n) as GuildId, application as ApplicationId, `Guild number ${n}`, null);
        await store.guilds.change(guildId(n) as GuildId, settings, "bench", "settings");
        await savePairs(
          { guild: guildId(n) as GuildId, name: "Bench", pairs: PAIRS },
          { store: store.knowledge, bus, cutter },
        );
      }),
    );
  }
  cutter.close();
  await store.close();
  await feeder.ask({ op: "rate", token, perSecond: 200 });
  await until(`${name} listens to every guild`, 60_000, async () => {
    const proven = (sample: Sample) => sample.outcomes.get("silent/not-mentioned") ?? 0;
    const before = await subject.sample();
    await Bun.sleep(500);
    const after = await subject.sample();
    return after.frames > before.frames && proven(after) === proven(before);
  });
  await feeder.ask({ op: "rate", token, perSecond: 0 });
}
