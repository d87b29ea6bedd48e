/**
 * `bun run build [FOLDER] [--no-embedded]`: all that `gatehouse` needs, in one folder that starts without the repository and without a
 * Bun of its own on the machine: sources, migrations, production dependencies by the lock file (Bun among them), and `gatehouse`,
 * a script that starts them. Nothing is written into it afterwards: it may stand on a read-only file system.
 */
import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { Command } from "commander";
import metadata from "../../package.json" with { type: "json" };

const ROOT = resolve(import.meta.dir, "../..");
const PARTS = [
  "package.json",
  "bun.lock",
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
  ".env.example",
  "drizzle",
  "src",
  "web",
  "shards",
];
/** The simulated community is for trying: it needs the repository. */
const LEFT_OUT = new Set(["shards/deploy"]);

const LAUNCHER = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")" && pwd)
exec "$here/node_modules/.bin/bun" "$here/shards/main.ts" "$@"
`;

await new Command("build")
  .description("puts all that gatehouse needs into one folder")
  .argument("[folder]", "where to: a new or an empty folder", join(ROOT, "dist", `gatehouse-${metadata.version}`))
  .option("--no-embedded", "without the embedded PostgreSQL, for whoever sets DATABASE_URL")
  .action(async (folder: string, { embedded }: { embedded: boolean }) => {
    const to = resolve(folder);
    await mkdir(to, { recursive: true });
    if ((await readdir(to)).length > 0) throw new Error(`${to} is not empty: name another folder, or empty it first`);
    for (const part of PARTS) {
      const filter = (from: string) => !LEFT_OUT.has(relative(ROOT, from));
      await cp(join(ROOT, part), join(to, part), { recursive: true, filter });
    }
    const omit = embedded ? [] : ["--omit=optional"];
    const install = Bun.spawn(
      [process.execPath, "install", "--frozen-lockfile", "--production", "--no-summary", ...omit],
      {
        cwd: to,
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    if ((await install.exited) !== 0) throw new Error("its dependencies could not be installed: see above");
    const launcher = join(to, "gatehouse");
    await writeFile(launcher, LAUNCHER);
    await chmod(launcher, 0o755);
    process.stdout.write(`${launcher}\n`);
  })
  .parseAsync();
