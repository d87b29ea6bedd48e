/** How a change of the settings reads: every field by the label of its form, and every value in the reader's words. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { parseHTML } from "linkedom";
import { systemClock } from "../../src/clock.ts";
import { createRecording } from "../../src/discord/recording.ts";
import type { GuildId } from "../../src/ids.ts";
import { settingsChanges } from "../../src/settings/differences.ts";
import { defaultSettings, type GuildSettings, guildSettingsSchema, LANGUAGES } from "../../src/settings/form.ts";
import { settingLabel, settingWords } from "../../web/parts/setting-words.ts";
import { APPLICATION, BOT, GUILD } from "../support/build.ts";
import { type Dashboard, fillWorld, openDashboard } from "../support/dashboard.ts";

setDefaultTimeout(60_000);
const BASE = `/guilds/${GUILD}`;
const [HELP, GONE, HELPERS] = ["200000000000000001", "200000000000000009", "400000000000000001"];

/** Every field otherwise than it is by default. */
const OTHER: GuildSettings = guildSettingsSchema.parse({
  mode: "all",
  smart: false,
  awareness: true,
  language: "tr",
  instructions: "Be kind.",
  channels: { [HELP]: { mode: "off", smart: false }, [GONE]: { awareness: true } },
  limits: { memberHour: 2_000, channelMinute: 7, moderationShare: 35, costDayUsd: 12.5 },
  retention: { turnsDays: 90, silencesDays: 7, leftDays: 1 },
  people: {
    idleMinutes: 60,
    showName: false,
    teamRoles: [HELPERS],
    zone: "Europe/Istanbul",
    week: [...Array(5).fill({ from: "09:00", to: "18:00" }), null, null],
    mails: ["team@example.com"],
    secondMail: "boss@example.com",
    remindMinutes: 90,
    channel: HELP,
    webhook: "https://hooks.example.com/x",
    afterFailures: true,
  },
  moderation: {
    on: true,
    live: true,
    thorough: true,
    rules: [{ n: 1, text: "No insults.", action: "kick" }],
    actions: { delete: true, warn: true, timeout: true, kick: true, ban: true },
    certain: "delete",
    ladder: [{ action: "timeout", minutes: 1_440 }, { action: "kick" }],
    strikeDays: 0,
    confidence: 0.85,
    exemptRoles: [HELPERS],
    exemptChannels: [HELP, GONE],
    caps: { timeout: 1, kick: 2, ban: 3 },
    raid: {
      ...{ on: true, live: true, floods: false, joins: false, joinsMin: 20, joinsWindowS: 120, slow: false },
      ...{ timeout: true, membersMin: 12, windowS: 45, slowS: 90, minutes: 60 },
    },
    warnSeconds: 0,
    banDeleteSeconds: 604_800,
    logChannel: GONE,
    filter: { words: ["badword"], patterns: ["x+y"], mentionsMax: 8, allowedDomains: ["example.com"] },
    names: true,
    keepDays: 14,
  },
});
const FIELDS = settingsChanges(defaultSettings, OTHER).map(({ path }) => path);

let dashboard: Dashboard;
let cookie = "";

beforeAll(async () => {
  const recording = createRecording(APPLICATION, BOT, systemClock);
  const directory = {
    ...recording.directory,
    channels: () => Promise.resolve([{ id: HELP, name: "help", type: 0 }]),
    guild: () => Promise.resolve({ roles: [{ id: HELPERS, name: "Helpers", position: 2 }] }),
  };
  dashboard = await openDashboard({ overrides: { discord: () => ({ ...recording, directory }) as never } });
  await fillWorld(dashboard.services);
  cookie = await dashboard.signIn();
  const { guilds, accounts } = dashboard.services.store;
  const [of] = await accounts.list(1);
  if (of === undefined) throw new Error("no account");
  const { guilds: _, ...account } = of;
  await accounts.save({ ...account, id: "moorlark", name: "Moorlark & Sons" });
  await accounts.move(GUILD as GuildId, "moorlark", "command line");
  await guilds.change(GUILD as GuildId, OTHER, "Admin (300000000000000042)", FIELDS.join(" "));
});
afterAll(() => dashboard.stop());

async function textOf(path: string, language: string): Promise<Document> {
  const response = await dashboard.get(`${BASE}${path}`, `${cookie}; gatehouse-language=${language}`);
  expect([path, response.status]).toEqual([path, 200]);
  return parseHTML(await response.text()).document;
}

/** Every field of the settings that has a value of its own, as the file names it. */
function fieldsOf(value: object, before = ""): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = before === "" ? name : `${before}.${name}`;
    if (path === "channels") return [];
    return typeof inner === "object" && inner !== null && !Array.isArray(inner) ? fieldsOf(inner, path) : [path];
  });
}

test("every field of the settings has a label in both languages, and the other world here changes every one", () => {
  for (const path of fieldsOf(defaultSettings)) {
    const labels = LANGUAGES.map((language) => settingLabel(language, path));
    expect([path, labels.every((label) => label !== null && label !== "" && !label.includes("."))]).toEqual([
      path,
      true,
    ]);
    expect([path, labels[0] === labels[1]]).toEqual([path, false]);
  }
  expect(FIELDS.filter((path) => !path.startsWith("channels."))).toEqual(fieldsOf(defaultSettings));
});

test("a label is the one of the form that changes the setting", async () => {
  for (const language of LANGUAGES) {
    const forms = await Promise.all(
      ["/settings", "/usage", "/live/settings", "/moderation/rules"].map(
        async (path) => (await textOf(path, language)).body.textContent,
      ),
    );
    const { labels, groups } = settingWords[language];
    const missing = Object.values({ ...labels, ...groups })
      .flatMap((label) => label.split(" · "))
      .filter((label) => !forms.some((text) => text?.includes(label)));
    expect([language, missing]).toEqual([language, []]);
  }
});

test("a change reads without names of fields, ids that have a name, or values of the program", async () => {
  for (const language of LANGUAGES) {
    for (const path of ["/audit", "/settings"]) {
      const changed = (await textOf(path, language)).querySelector("dl.changed");
      const text = changed?.textContent ?? "";
      const labels = [...(changed?.querySelectorAll("dt") ?? [])].map((one) => one.textContent ?? "");
      expect(labels.length).toBe(FIELDS.length);
      expect(labels.filter((label) => /[a-z]\.[a-z]/.test(label))).toEqual([]);
      expect(text).not.toMatch(/\b(?:true|false|null|undefined|timeout|604800|86400)\b|[{}[\]]/);
      expect(text).not.toContain(HELP);
      expect(text).not.toContain(HELPERS);
    }
  }
});

test("values are said with their unit, hours by day, and ids by name, in English and in Turkish", async () => {
  const valuesIn = async (language: string) => {
    const rows = (await textOf("/audit", language)).querySelectorAll("dl.changed > div");
    return new Map(
      [...rows].map((row) => {
        const [del, ins] = [row.querySelector("del"), row.querySelector("ins")].map(
          (one) => one?.textContent.replace(/^\s*[^\s:]+: /, "") ?? null,
        );
        return [row.querySelector("dt")?.textContent ?? "", [del, ins]] as const;
      }),
    );
  };
  const english = await valuesIn("en");
  const expected: Readonly<Record<string, readonly (string | null)[]>> = {
    "Response mode": ["On mention", "Every message"],
    "Smart mode": ["on", "off"],
    "#help": ["nothing", "Response mode: Off, Smart mode: off"],
    [`unknown channel ${GONE}`]: ["nothing", "Channel awareness: on"],
    "Answers per member and hour": ["20", "2,000"],
    "Moderation's share of the month": ["50%", "35%"],
    "Most a day may cost": ["no limit", "$12.50"],
    "How long things are kept · Conversations": ["180 days", "90 days"],
    "Working hours": ["not told", "Mon–Fri 09:00–18:00, Sat–Sun off"],
    "Inactivity until the bot speaks again": ["3 minutes", "1 hour"],
    "Time until the second address is told": ["30 minutes", "90 minutes"],
    "Roles of the team": [null, "@Helpers"],
    "Moderation · Rules": [null, "“No insults.”, at most: Kick"],
    "Moderation · A strike counts for": ["30 days", "always"],
    "Moderation · Sure enough from": ["70%", "85%"],
    "Moderation · Ladder": [
      "1. Warn, 2. Time out (10 minutes), 3. Time out (1 day), 4. Kick",
      "1. Time out (1 day), 2. Kick",
    ],
    "Moderation · Exempt channels": [null, `#help, unknown channel ${GONE}`],
    "Moderation · A ban also deletes the messages of": ["1 hour", "7 days"],
    "Raid mode · Floods · Within": ["30 seconds", "45 seconds"],
    "Your own filter · Mentions in one message": ["no limit", "8"],
  };
  expect(Object.fromEntries(Object.keys(expected).map((label) => [label, english.get(label)]))).toEqual(
    expected as never,
  );
  const turkish = await valuesIn("tr");
  expect(turkish.get("Çalışma saatleri")).toEqual(["söylenmez", "Pzt–Cum 09:00–18:00, Cmt–Paz kapalı"]);
  expect(turkish.get("Moderasyonun aydaki payı")).toEqual(["%50", "%35"]);
  expect(turkish.get("Neler ne kadar saklanır · Konuşmalar")).toEqual(["180 gün", "90 gün"]);
  expect(turkish.get("Bir günün en yüksek maliyeti")).toEqual(["sınır yok", "$12,50"]);
});

test("a move to another account is told by the accounts' names, and who made it in the reader's words", async () => {
  const page = (await textOf("/audit", "en")).body.textContent ?? "";
  expect(page).toMatch(/Account: \S.* → Moorlark & Sons/);
  expect(page).toContain("on the command line");
  const turkish = (await textOf("/audit", "tr")).body.textContent ?? "";
  expect(turkish).toMatch(/Hesap: \S.* → Moorlark & Sons/);
  expect(turkish).toContain("komut satırından");
});
