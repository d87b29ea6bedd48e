/** What `bun run build` makes, as an operator uses it: carried to another place, not writable, without Bun or the repository. */
import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { $ } from "bun";
import metadata from "../../package.json" with { type: "json" };
import { temporaryFolder } from "../support/folder.ts";
import { openDatabase } from "../support/postgres.ts";

setDefaultTimeout(120_000);

const GUILD = "123456789012345678";
const folder = temporaryFolder("build");
afterAll(async () => {
  await $`chmod -R u+w ${folder.path}`.quiet();
  rmSync(folder.path, { recursive: true, force: true });
});

test("a build starts where it is carried to, reads files and answers from them, and writes nothing into itself", async () => {
  const [made, carried, data] = ["made", "carried", "data"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  const build = resolve(import.meta.dir, "../../shards/deploy/build.ts");
  expect((await $`${process.execPath} ${build} ${made} --no-embedded`.quiet()).stdout.toString()).toBe(
    `${made}/gatehouse\n`,
  );
  // Into a folder that holds something already, nothing is built.
  expect((await $`${process.execPath} ${build} ${made}`.quiet().nothrow()).stderr.toString()).toContain("is not empty");
  await $`mv ${made} ${carried} && chmod -R a-w ${carried}`;

  const marker = join(folder.path, "carried-at");
  writeFileSync(marker, "");

  const database = await openDatabase();
  try {
    const environment = {
      ...{
        PATH: "/usr/bin:/bin",
        DATABASE_URL: database.url,
        GATEHOUSE_KEY: "0f".repeat(32),
        GATEHOUSE_DATA_DIR: data,
      },
    };
    const run = async (...args: readonly string[]) => {
      const { exitCode, stdout, stderr } = await $`${carried}/gatehouse ${args}`
        .env(environment)
        .cwd("/")
        .quiet()
        .nothrow();
      return { code: exitCode, stdout: stdout.toString(), stderr: stderr.toString() };
    };
    expect(await run("--version")).toMatchObject({ code: 0, stdout: `${metadata.version}\n` });
    expect(await run("migrate")).toMatchObject({ code: 0 });
    mkdirSync(join(folder.path, "docs"));
    writeFileSync(join(folder.path, "docs/reset.md"), "# Reset\n\nHold the button for three seconds.\n");
    expect(await run("knowledge", "import", "--guild", GUILD, join(folder.path, "docs"))).toMatchObject({ code: 0 });
    expect((await run("ask", "--guild", GUILD, "How do I reset it?")).stdout).toContain(
      "Hold the button for three seconds.",
    );
    expect((await $`find ${carried} -newer ${marker}`.quiet().nothrow()).stdout.toString()).toBe("");
    expect(await run("demo")).toMatchObject({
      code: 69,
      stderr: expect.stringContaining("run it from the repository"),
    });
  } finally {
    await database.drop();
  }
});
