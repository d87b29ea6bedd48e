import { expect, test } from "bun:test";
import { loadConfig } from "../../../src/config.ts";
import { type GuildSettings, guildSettingsSchema } from "../../../src/settings/form.ts";
import { dossier } from "../../../src/status/dossier.ts";
import { GUILD } from "../../support/build.ts";

const environment = { DATABASE_URL: "postgres://127.0.0.1/test", GATEHOUSE_KEY: "0".repeat(64) };

function written(settings: readonly object[], more: Readonly<Record<string, string>> = {}): string {
  const servers = settings.map((own) => ({
    guild: GUILD,
    name: "Lumen",
    settings: guildSettingsSchema.parse(own) as GuildSettings,
  }));
  const config = loadConfig({ ...environment, ...more });
  return dossier({ config, servers, version: "1.2.3", atMs: Date.UTC(2026, 0, 2) });
}

test("says for each privileged intent whether it is asked for and in how many servers a feature needs it", () => {
  const text = written([{}, { mode: "all" }, { moderation: { on: true, raid: { on: true } } }]);
  expect(text).toContain("# Data and privileged intents: 3 servers");
  expect(text).toMatch(/\| Message Content \(privileged\) \| yes \| .* \| 2 of 3 \|/);
  expect(text).toMatch(/\| Server Members \(privileged\) .* raid mode by joins 1 of 3, names 0 of 3 \|/);
  expect(written([{}], { DISCORD_MESSAGE_CONTENT: "off" })).toMatch(/\| Message Content \(privileged\) \| no \|/);
});

test("gives the periods in force, as a range where servers differ", () => {
  const text = written([{ retention: { turnsDays: 7 } }, {}]);
  expect(text).toContain("questions, answers, sources | 7 to 180 days |");
  expect(text).toContain("considered answering and did not | 30 days |");
});

test("names the models and their host, or says that there is none; the key is never in it", () => {
  expect(written([{}])).toContain("No model is connected");
  const text = written([{ moderation: { on: true, thorough: true } }], {
    GROQ_API_KEY: "gsk_canary",
    GROQ_BASE_URL: "http://models.example:8080",
  });
  expect(text).toContain("Texts go to models.example:8080");
  expect(text).toContain("(“thorough”): 1 of 1.");
  expect(text).not.toContain("canary");
});

test("of one server it says what is switched on there", () => {
  const text = written([{ mode: "all", moderation: { on: true, actions: { delete: true, ban: true } } }]);
  expect(text).toContain(`# Data and privileged intents: Lumen (${GUILD})`);
  expect(text).toContain("Moderation: on, dry run; 0 rules; actions: delete, ban.");
});
