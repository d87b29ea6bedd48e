import { describe, expect, test } from "bun:test";
import type { GuildId } from "../../../src/ids.ts";
import { summarise, usageCsv } from "../../../src/plans/usage.ts";
import type { UsageRow } from "../../../src/store/ports/usage.ts";
import { monthIn } from "../../../src/time-zone.ts";

const A = "100000000000000001" as GuildId;
const B = "100000000000000002" as GuildId;

function row(fields: Partial<UsageRow> = {}): UsageRow {
  return {
    ...{ guild: A, day: "2026-11-02", kind: "answer", contact: "discord" },
    ...{ count: 10, tokensIn: 100, tokensOut: 20, costUsd: 0.5 },
    ...fields,
  };
}

function at(iso: string, timeZone = "UTC") {
  const nowMs = Date.parse(iso);
  return { month: monthIn(nowMs, timeZone), today: iso.slice(0, 10), nowMs, timeZone };
}

describe("a month's usage", () => {
  test("every sum is the sum of the rows, whichever way they are grouped", () => {
    const rows = [
      row(),
      row({ day: "2026-11-03", kind: "moderation", count: 4 }),
      row({ guild: B, day: "2026-11-05", contact: "widget", count: 6 }),
    ];
    const sums = summarise(rows, at("2026-11-05T12:00:00Z"));
    expect(sums.total).toEqual({ messages: 20, reused: 0, tokensIn: 300, tokensOut: 60, costUsd: 1.5 });
    expect(sums.today.messages).toBe(6);
    for (const groups of [sums.kinds, sums.contacts, sums.guilds]) {
      expect([...groups.values()].reduce((sum, one) => sum + one.messages, 0)).toBe(20);
    }
    expect(sums.days.map(({ day, messages }) => [day, messages])).toEqual([
      ["2026-11-01", 0],
      ["2026-11-02", 10],
      ["2026-11-03", 4],
      ["2026-11-04", 0],
      ["2026-11-05", 6],
    ]);
  });

  test("an answer that was said again is no message, and stands beside them", () => {
    const rows = [row(), row({ kind: "reused", count: 3, tokensIn: 5, tokensOut: 0, costUsd: 0 })];
    const sums = summarise(rows, at("2026-11-05T12:00:00Z"));
    expect(sums.total).toMatchObject({ messages: 10, reused: 3, tokensIn: 105 });
    expect([...sums.kinds.keys()]).toEqual(["answer"]);
    expect(sums.days.find(({ day }) => day === "2026-11-02")).toMatchObject({ messages: 10, reused: 3 });
    const lines = usageCsv(rows, () => "Lumen").split("\r\n");
    expect(lines[1]).toContain(",answer,discord,10,0,");
    expect(lines[2]).toContain(",reused,discord,0,3,");
  });

  test("the forecast goes on as the month went, and is never below what was used", () => {
    expect(summarise([row({ count: 100 })], at("2026-11-11T00:00:00Z")).forecast).toBe(300);
    expect(summarise([row({ count: 100 })], at("2026-11-30T23:59:59Z")).forecast).toBe(100);
    expect(summarise([row({ count: 7, day: "2026-11-01" })], at("2026-11-01T01:00:00Z")).forecast).toBe(7);
  });

  test("a sheet reads no formula out of a server's name", () => {
    const csv = usageCsv([row()], () => '=cmd|"/C calc"!A0');
    expect(csv.split("\r\n")[1]).toContain(`"'=cmd`);
    expect(csv.split("\r\n")[0]).toBe(
      "day,server,server_id,kind,contact,messages,reused,tokens_in,tokens_out,cost_usd",
    );
  });
});
