/** Smart mode and moderation in every guild of a subject: the whole prefilter runs on every message. */
import { systemClock } from "../../src/clock.ts";
import type { ApplicationId, GuildId } from "../../src/ids.ts";
import { createLogger } from "../../src/logger.ts";
import { defaultSettings, type GuildSettings, guildSettingsSchema } from "../../src/settings/form.ts";
import { createSqlStore } from "../../src/store/sql.ts";
import { firstGuild, GUILDS, guildId } from "./frames.ts";
import { type Feeder, type Sample, type Subject, until } from "./subject.ts";

const AT_ONCE = 16;

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
  const first = firstGuild(application);
  for (let i = first; i < first + GUILDS; i += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, first + GUILDS - i) }, (_, n) => i + n);
    await Promise.all(
      some.map(async (n) => {
        await store.guilds.join(guildId(n) as GuildId, application as ApplicationId, `Guild number ${n}`, null);
        await store.guilds.change(guildId(n) as GuildId, settings, "bench", "settings");
      }),
    );
  }
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
