/** Settings as a file and changes taken back: round trips, what is refused, and what stays untouched. */
import { describe, expect, test } from "bun:test";
import { isSettingsRow, putBack, settingsChanges } from "../../../src/settings/differences.ts";
import { readSettingsFile, writeSettingsFile } from "../../../src/settings/file.ts";
import { defaultSettings, type GuildSettings, guildSettingsSchema } from "../../../src/settings/form.ts";

const settings: GuildSettings = guildSettingsSchema.parse({
  ...defaultSettings,
  mode: "all",
  instructions: "Be kind: # not a comment\n- no list\n\"quotes\" 'too' {and: braces} & *stars*",
  channels: { "100000000000000001": { mode: "off" }, "100000000000000002": { smart: false } },
});

describe("a settings file", () => {
  test("read back gives the same settings, whatever the server is called", () => {
    for (const name of ["Lumen", "a\n- mode: off", '"\u2028#', "İade"]) {
      const read = readSettingsFile(writeSettingsFile(settings, name), defaultSettings);
      expect(read).toEqual({ settings, problem: null });
    }
  });

  test("changes what it names and leaves the rest as it is; channels are given as a whole", () => {
    const read = readSettingsFile("mode: ask\nlimits:\n  memberHour: 7\n", settings);
    expect(read.settings).toEqual({ ...settings, mode: "ask", limits: { ...settings.limits, memberHour: 7 } });
    const channels = readSettingsFile("channels:\n  '100000000000000003': { mode: mention }\n", settings).settings;
    expect(channels?.channels).toEqual({ "100000000000000003": { mode: "mention" } });
  });

  test("with a misspelt name, a wrong value or no YAML is refused, and says where", () => {
    const problems = (text: string) => readSettingsFile(text, settings).problem;
    expect(problems("moed: all")).toEqual({ kind: "unknown-name", where: "moed" });
    expect(problems("limits: { memberHours: 3 }")).toEqual({ kind: "unknown-name", where: "limits.memberHours" });
    expect(problems("mode: loud")).toEqual({ kind: "wrong-value", where: "mode" });
    expect(problems("limits: { memberHour: many }")).toEqual({ kind: "wrong-value", where: "limits.memberHour" });
    expect(problems("moderation: { filter: { patterns: [fine, '(?=x)y'] } }")).toEqual({
      kind: "wrong-value",
      where: "moderation.filter.patterns.1",
    });
    expect(problems("limits: 3")).toEqual({ kind: "wrong-value", where: "limits" });
    for (const text of ["", "- a\n- b", "just words", "mode: [", "{"]) expect(problems(text)?.kind).toBe("not-yaml");
    expect(problems(`instructions: "${"x".repeat(300_000)}"`)).toEqual({ kind: "too-large" });
  });

  test("that stands for billions of values is refused at once", () => {
    const lines = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let depth = 1; depth < 12; depth++) {
      const [before, now] = [String.fromCharCode(96 + depth), String.fromCharCode(97 + depth)];
      lines.push(`${now}: &${now} [${Array(9).fill(`*${before}`).join(",")}]`);
    }
    expect(["too-large", "not-yaml"]).toContain(readSettingsFile(lines.join("\n"), settings).problem?.kind ?? "none");
  });

  test("cannot reach what every object inherits", () => {
    for (const text of ["__proto__: { mode: off }", "constructor: 1", "channels: { __proto__: { mode: off } }"]) {
      const read = readSettingsFile(text, settings);
      expect(({} as { mode?: string }).mode).toBeUndefined();
      expect(read.settings?.mode ?? "all").toBe("all");
    }
  });
});

describe("a change", () => {
  const change = (before: GuildSettings, after: GuildSettings) => ({ before, after });

  test("names its leaves, lists and channels whole", () => {
    const after = {
      ...settings,
      mode: "off" as const,
      channels: { "100000000000000001": { mode: "off" as const, smart: true } },
      moderation: { ...settings.moderation, actions: { ...settings.moderation.actions, ban: true } },
    };
    expect(settingsChanges(settings, after).map(({ path }) => path)).toEqual([
      "mode",
      "channels.100000000000000001",
      "channels.100000000000000002",
      "moderation.actions.ban",
    ]);
    expect(settingsChanges(settings, settings)).toEqual([]);
  });

  test("put back undoes itself alone: what was changed after it stays", () => {
    const first = { ...settings, mode: "off" as const, channels: {} };
    const now = { ...first, instructions: "later", channels: { "100000000000000009": { mode: "ask" as const } } };
    expect(putBack(now, change(settings, first))).toEqual({
      ...settings,
      instructions: "later",
      channels: { ...settings.channels, ...now.channels },
    });
  });

  test("of roles is no change of settings", () => {
    expect(isSettingsRow({ before: { role: null }, after: { role: "agent" } })).toBe(false);
    expect(isSettingsRow(change(settings, settings))).toBe(true);
  });
});
