import { expect, test } from "bun:test";
import { readJsonLines } from "../../../bench/data.ts";
import { probed } from "../../support/probe.ts";
import { shared } from "../../support/shared.ts";

const row = { t: "no_roles", a: "ban", p: "all", m: "live", c: "below", d: "first", v: "valid" };

test("a row that is not of the form says what is wrong with it", async () => {
  expect(await probed("guard", [{ ...row, t: "somebody" }, row])).toEqual([
    { error: expect.stringContaining("t:") },
    { expect: "act_ban", rest_calls_that_change_discord: 1 },
  ]);
});

test("a verdict that asks for what is no action changes nothing", async () => {
  const asked = [
    "unban",
    "give_admin",
    "DROP TABLE",
    null,
    7,
    { toString: "ban" },
    ["ban"],
    "__proto__",
    "BAN",
    "ban ",
  ];
  const answers = await probed(
    "guard",
    asked.map((a) => ({ ...row, a })),
  );
  for (const answer of answers) expect(answer).toEqual({ expect: "log_rejected", rest_calls_that_change_discord: 0 });
});

const { file, test: testOnShared } = shared("security/moderation_matrix.jsonl");

testOnShared(
  "every row of the moderation matrix is ruled as expected",
  async () => {
    const rows = await readJsonLines<Record<string, unknown>>(file);
    const answers = await probed("guard", rows);
    const wrong = rows.flatMap(({ expect, rest_calls_that_change_discord, ...facts }, i) =>
      Bun.deepEquals(answers[i], { expect, rest_calls_that_change_discord })
        ? []
        : [{ facts, expect, got: answers[i] }],
    );
    expect(wrong).toEqual([]);
    expect(answers).toHaveLength(10_709);
  },
  30_000,
);
