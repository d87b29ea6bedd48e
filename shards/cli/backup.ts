/** `gatehouse backup FILE` and `gatehouse restore FILE`: the whole database in one gzipped file of JSON lines, and back. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pipeline as chain, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { Command } from "commander";
import { AppError } from "../../src/errors.ts";
import { withServices } from "./run.ts";

export function backupCommand(): Command {
  return new Command("backup").argument("<file>", "for example gatehouse.jsonl.gz").action(async (file: string) => {
    await withServices(async ({ backup }) => {
      let lines = 0;
      async function* text() {
        for await (const line of backup.dump()) {
          lines++;
          yield `${line}\n`;
        }
      }
      // Under another name until it is whole; it holds members' texts, so it is its owner's alone.
      const unfinished = `${file}.unfinished`;
      try {
        await pipeline(Readable.from(text()), createGzip(), createWriteStream(unfinished, { mode: 0o600 }));
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        if (error instanceof Error && "code" in error && error.code === "ENOENT") {
          throw new AppError("not-found", `There is no folder ${dirname(resolve(file))} to write to: make it first.`);
        }
        throw fileProblem(error, file);
      }
      process.stdout.write(`${lines} lines in ${file}. Keep GATEHOUSE_KEY beside it: bot tokens in it are sealed.\n`);
    });
  });
}

export function restoreCommand(): Command {
  return new Command("restore").argument("<file>", "what `gatehouse backup` wrote").action(async (file: string) => {
    await withServices(async ({ backup }) => {
      // Read by iteration, so that a file that cannot be read or unzipped fails the restore.
      const unzipped = chain(createReadStream(file), createGunzip(), () => {});
      try {
        const { rows } = await backup.restore(linesOf(unzipped));
        process.stdout.write(`${rows} rows restored from ${file}.\n`);
      } catch (error) {
        throw fileProblem(error, file);
      }
    });
  });
}

async function* linesOf(bytes: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const text of bytes.setEncoding("utf8")) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function fileProblem(error: unknown, file: string): Error {
  if (error instanceof AppError || !(error instanceof Error) || !("code" in error)) return error as Error;
  const code = String(error.code);
  if (code === "ENOENT") return new AppError("not-found", `${file} cannot be found.`, { cause: error });
  if (code.startsWith("Z_")) return new AppError("invalid", `${file} is not a whole backup file.`, { cause: error });
  if (code === "EACCES" || code === "EISDIR")
    return new AppError("invalid", `${file} cannot be used: ${code}.`, { cause: error });
  return error;
}
