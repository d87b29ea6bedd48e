/**
 * The lines of log files, to be searched: a file, all files of a folder (rotated ones too, also with gzip), or `-` for standard
 * input. Read as they come, so that a log of any length takes a few megabytes.
 */
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { AppError } from "../../src/errors.ts";
import type { SearchedLine } from "../../src/privacy.ts";

/** A line that goes on is searched in pieces; what stands across two of them stands in both. */
const LINE_CHARS_MAX = 1 << 20;
const OVERLAP_CHARS = 4_096;

export async function* logLines(places: readonly string[]): AsyncGenerator<SearchedLine> {
  for (const place of places) {
    for (const file of await filesOf(place)) {
      const lines = file === "-" ? linesIn(process.stdin) : linesOf(file);
      for await (const text of lines) yield { file: file === "-" ? "standard input" : file, text };
    }
  }
}

async function filesOf(place: string): Promise<readonly string[]> {
  if (place === "-") return [place];
  try {
    if (!(await stat(place)).isDirectory()) return [place];
    const found = await readdir(place, { recursive: true, withFileTypes: true });
    return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  } catch (cause) {
    throw new AppError(
      "invalid",
      `${place} cannot be read: name a log file, a folder of them, or - for standard input.`,
      {
        cause,
      },
    );
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const bytes = createReadStream(file);
  try {
    yield* linesIn(file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes);
  } catch (cause) {
    throw new AppError("invalid", `${file} cannot be read to its end.`, { cause });
  }
}

async function* linesIn(bytes: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytes) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length <= LINE_CHARS_MAX) continue;
    yield rest;
    rest = rest.slice(-OVERLAP_CHARS);
  }
  yield rest + decoder.decode();
}
