/** The bench's command line, as a person or a script calls it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "../support/folder.ts";

setDefaultTimeout(60_000);

const RUN = resolve(import.meta.dir, "../../bench/run.ts");
const PAGES = [
  ["kettle", "Resetting the kettle", "Hold the copper button for seven seconds until the lid blinks green."],
  ["toaster", "Cleaning the toaster", "Pull the crumb tray out from below and wash it by hand."],
];
const QUESTIONS = [
  ["q1", "how do I reset the kettle", "kettle"],
  ["q2", "where do the crumbs of the toaster go", "toaster"],
  ["q3", "what does the copper button do", "kettle"],
  ["q4", "wash the crumb tray", "toaster"],
];

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = temporaryFolder("bench");
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await Bun.write(join(folder.path, "corpus.jsonl"), lines(PAGES.map(([_id, title, text]) => ({ _id, title, text }))));
  await Bun.write(join(folder.path, "queries.jsonl"), lines(QUESTIONS.map(([_id, text]) => ({ _id, text }))));
  const judged = QUESTIONS.map(([id, , page]) => `${id}\t${page}\t1\n`).join("");
  await Bun.write(join(folder.path, "qrels.tsv"), `query-id\tcorpus-id\tscore\n${judged}`);
});
afterAll(() => folder.remove());

async function bench(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = Bun.spawn([process.execPath, RUN, ...args], {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, NO_COLOR: "1" },
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(run.stdout).text(),
    new Response(run.stderr).text(),
    run.exited,
  ]);
  return { code, stdout, stderr };
}

describe("a call that is wrong ends with 2 and says what there is", () => {
  for (const [what, args] of [
    ["no suite", []],
    ["a suite that does not exist", ["retreival"]],
  ] as const) {
    test(what, async () => {
      const { code, stdout, stderr } = await bench(...args);
      expect([code, stdout]).toEqual([2, ""]);
      for (const name of ["gateway", "prefilter", "retrieval"]) expect(stderr).toContain(name);
    });
  }

  test("an option that does not exist, a seed that is no number", async () => {
    expect(await bench("retrieval", "--quik")).toMatchObject({ code: 2, stderr: expect.stringContaining("--quik") });
    expect(await bench("retrieval", "--seed", "x")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("whole number"),
    });
  });

  test("a file that cannot be written, before anything is measured", async () => {
    const { code, stderr } = await bench("retrieval", "--json", join(folder.path, "corpus.jsonl", "figures.json"));
    expect(code).toBe(2);
    expect(stderr).toContain("figures.json");
    expect(stderr).not.toContain("indexing");
  });
});

test("help names every suite with what it measures", async () => {
  const { code, stdout } = await bench("--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}retrieval {2}\S.*--data/m);
});

describe("a suite that measures", () => {
  test("ends with 0, a table on stdout, progress on stderr, and its figures in the file", async () => {
    const file = join(folder.path, "out", "figures.json");
    const { code, stdout, stderr } = await bench("retrieval", "--quick", "--data", folder.path, "--json", file);
    expect(stderr).toContain("retrieval: indexing");
    expect(stdout).toMatch(/page among the first 1 passages +1 +share/);
    expect(stdout).toMatch(/goals: \d+ of \d+ met/);
    const report = (await Bun.file(file).json()) as Record<"results" | "goals", Record<string, unknown>[]>;
    expect(Object.keys(report)).toEqual(["suite", "commit", "machine", "results", "goals"]);
    expect(report).toMatchObject({ suite: "retrieval", commit: expect.stringMatching(/^[0-9a-f]{12}/) });
    for (const result of report.results) {
      expect(Object.keys(result)).toEqual(["name", "value", "unit", "min", "max", "runs"]);
      for (const figure of ["value", "min", "max", "runs"]) expect(result[figure]).toBeNumber();
    }
    expect(report.goals.length).toBeGreaterThan(0);
    for (const goal of report.goals) {
      expect(goal).toEqual({
        name: expect.any(String),
        goal: expect.stringMatching(/^[≥≤] /),
        value: expect.any(Number),
        met: expect.any(Boolean),
      });
    }
    // Whether a goal is met is no question of the exit code.
    expect(code).toBe(0);
  });

  test("writes only its figures to stdout when that is the file", async () => {
    const { code, stdout } = await bench("retrieval", "--quick", "--data", folder.path, "--json", "-");
    expect([code, (JSON.parse(stdout) as { suite: string }).suite]).toEqual([0, "retrieval"]);
  });
});

test("a suite that cannot measure ends with 1, says why in a line, and leaves no file", async () => {
  const file = join(folder.path, "none.json");
  const { code, stderr } = await bench("retrieval", "--data", join(folder.path, "nothing"), "--json", file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/retrieval could not measure: ENOENT.*nothing/);
  expect(stderr).not.toContain(" at ");
  expect(existsSync(file)).toBe(false);
});
