import { expect, test } from "bun:test";
import { measureOf } from "../../../src/moderation/ladder.ts";
import { defaultSettings } from "../../../src/settings/form.ts";

const all = { delete: true, warn: true, timeout: true, kick: true, ban: true };
const settings = { ...defaultSettings.moderation, actions: all };
const MINUTE_MS = 60_000;

test("breaches lead from a warning over two time-outs to a kick, never by themselves to a ban", () => {
  const steps = [0, 1, 2, 3, 9].map((strikes) => measureOf({ severity: "medium", hardest: "ban" }, strikes, settings));
  expect(steps.map(({ acts }) => acts.at(-1))).toEqual(["warn", "timeout", "timeout", "kick", "kick"]);
  expect(steps.slice(1, 3).map(({ timeoutMs }) => timeoutMs / MINUTE_MS)).toEqual([10, 1_440]);
});

test("a ban takes a severe verdict, a rule that allows it, and its switch", () => {
  const due = (severity: "high" | "severe", hardest: "kick" | "ban", actions = all) =>
    measureOf({ severity, hardest }, 9, { ...settings, actions }).acts.at(-1);
  expect(due("severe", "ban")).toBe("ban");
  expect(due("high", "ban")).toBe("kick");
  expect(due("severe", "kick")).toBe("kick");
  expect(due("severe", "ban", { ...all, ban: false })).toBe("kick");
});

test("only what is switched on happens, and never harder than the rule allows", () => {
  const none = { delete: false, warn: false, timeout: false, kick: false, ban: false };
  expect(measureOf({ severity: "severe", hardest: "ban" }, 9, { ...settings, actions: none }).acts).toEqual([]);
  expect(measureOf({ severity: "severe", hardest: "delete" }, 9, settings).acts).toEqual(["delete"]);
  expect(measureOf({ severity: "high", hardest: "timeout" }, 9, settings).acts).toEqual(["delete", "timeout"]);
  const milder = { ...none, warn: true };
  expect(measureOf({ severity: "medium", hardest: "ban" }, 9, { ...settings, actions: milder }).acts).toEqual(["warn"]);
});

test("a reminder leaves the message where it is", () => {
  expect(measureOf({ severity: "low", hardest: "ban" }, 0, settings).acts).toEqual(["warn"]);
});
