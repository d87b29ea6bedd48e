import { expect, test } from "bun:test";
import { readJsonLines } from "../../../bench/data.ts";
import { probed } from "../../support/probe.ts";
import { shared } from "../../support/shared.ts";

test("each address comes back with its decision and a reason", async () => {
  expect(await probed("fetch-guard", [{ url: "http://169.254.169.254/latest/meta-data" }, { url: 7 }])).toEqual([
    { url: "http://169.254.169.254/latest/meta-data", decision: "block", reason: expect.any(String) },
    { error: expect.stringContaining("url") },
  ]);
});

const { file, test: testOnShared } = shared("security/ssrf.jsonl");

testOnShared(
  "every address of ssrf.jsonl is judged right",
  async () => {
    const rows = await readJsonLines<{ url: string; expect: string }>(file);
    const answers = await probed("fetch-guard", rows);
    expect(answers).toHaveLength(rows.length);
    const right = (row: { expect: string }) => (row.expect.startsWith("allow") ? "allow" : "block");
    const wrong = rows.filter((row, i) => answers[i]?.decision !== right(row));
    expect(wrong).toEqual([]);
    expect(answers.map(({ url }) => url)).toEqual(rows.map(({ url }) => url));
  },
  30_000,
);
