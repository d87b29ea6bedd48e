import { expect, test } from "bun:test";
import { join } from "node:path";
import { probed } from "../../support/probe.ts";
import { shared } from "../../support/shared.ts";

test("a file gives its text or the reason why not, under its id", async () => {
  const answers = await probed("extract", [
    { id: "readme", path: join(import.meta.dir, "../../../bench/demo/knowledge/en/alerts.md") },
    { id: 2, path: "/no/such/file.md" },
    { id: 3, path: import.meta.dir },
    { id: 4 },
  ]);
  expect(answers).toEqual([
    { id: "readme", text: expect.stringContaining("quiet_hours") },
    { id: 2, refused: "there is no such file" },
    { id: 3, refused: "it is not a file" },
    { id: 4, error: expect.stringContaining("path") },
  ]);
});

const { file, test: testOnShared } = shared("security/hostile-files/manifest.json");

testOnShared(
  "a hostile file is refused and the next one is read",
  async () => {
    const manifest = (await Bun.file(file).json()) as { file: string; expect: string }[];
    const rows = manifest.map((row) => ({ ...row, id: row.file, path: join(file, "..", row.file) }));
    const answers = await probed<{ id: string; text?: string; refused?: string }>("extract", rows);
    for (const [i, row] of rows.entries()) {
      expect(answers[i]?.id).toBe(row.file);
      if (row.expect === "reject") expect(answers[i]).toEqual({ id: row.file, refused: expect.any(String) });
      if (/^accept/.test(row.expect)) expect(answers[i]).toEqual({ id: row.file, text: expect.any(String) });
    }
  },
  60_000,
);
