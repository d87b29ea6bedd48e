/**
 * One stage at a time, on anybody's data: `gatehouse probe NAME < cases.jsonl > results.jsonl`. One line out for each line
 * in, in order; a line that is not right gives `{error}` in its place; only JSON reaches the output. Each probe is a file in
 * probe/, loaded when it is asked for.
 */
import type { Writable } from "node:stream";
import { ZodError } from "zod";
import { AppError } from "./errors.ts";
import { LINE_BYTES_MAX, linesOf } from "./probe/lines.ts";

export type ProbeOptions = {
  /** The arguments after the probe's name on the command line. */
  readonly args: readonly string[];
};

/** Rows come one after the other, each after the answer to the one before; an error of `handle` becomes that row's `{error}`. */
export type ProbeInstance = {
  handle(row: unknown): Promise<unknown>;
  close?(): Promise<void>;
};

/** Throws `AppError` "invalid" when its arguments are not right. */
export type Probe = (options: ProbeOptions) => ProbeInstance | Promise<ProbeInstance>;

const PROBES: Readonly<Record<string, () => Promise<Probe>>> = {
  extract: async () => (await import("./probe/extract.ts")).extractProbe,
  split: async () => (await import("./probe/split.ts")).splitProbe,
  "fetch-guard": async () => (await import("./probe/fetch-guard.ts")).fetchGuardProbe,
  guard: async () => (await import("./probe/guard.ts")).guardProbe,
  interaction: async () => (await import("./probe/interaction.ts")).interactionProbe,
  prefilter: async () => (await import("./probe/prefilter.ts")).prefilterProbe,
  retrieve: async () => (await import("./probe/retrieve.ts")).retrieveProbe,
  smart: async () => (await import("./probe/smart.ts")).smartProbe,
};

export function probeNames(): readonly string[] {
  return Object.keys(PROBES).sort();
}

/** Runs until the input ends. Throws `AppError` "invalid" for a name or arguments it does not know; bad lines never throw. */
export async function runProbe(
  name: string,
  io: { readonly input: AsyncIterable<Uint8Array>; readonly output: Writable; readonly args: readonly string[] },
): Promise<{ readonly rows: number; readonly errors: number }> {
  const load = Object.hasOwn(PROBES, name) ? PROBES[name] : undefined;
  if (load === undefined) {
    throw new AppError("invalid", `There is no probe "${name}"; there are: ${probeNames().join(", ")}.`);
  }
  const probe = await (await load())({ args: io.args });
  let rows = 0;
  let errors = 0;
  try {
    for await (const line of linesOf(io.input)) {
      const answer = await answerLine(probe, line);
      rows++;
      if (answer.failed) errors++;
      await write(io.output, `${answer.json}\n`);
    }
  } finally {
    await probe.close?.();
  }
  return { rows, errors };
}

type Answer = { readonly json: string; readonly failed: boolean };

async function answerLine(probe: ProbeInstance, line: Uint8Array | null): Promise<Answer> {
  if (line === null) return failure(`the line is longer than ${LINE_BYTES_MAX} bytes`);
  let row: unknown;
  try {
    row = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
  } catch {
    return failure("the line is not JSON in UTF-8");
  }
  if (typeof row !== "object" || row === null || Array.isArray(row)) return failure("the line is not a JSON object");
  try {
    return { json: JSON.stringify(await probe.handle(row)), failed: false };
  } catch (error) {
    return failure(whatIsWrong(error), row);
  }
}

function failure(error: string, row?: object): Answer {
  const id =
    row === undefined ? {} : Object.fromEntries(Object.entries(row).filter(([k]) => k === "id" || k === "_id"));
  return { json: JSON.stringify({ ...id, error }), failed: true };
}

/** One line for a failed check, such as `text: expected string, received undefined`. */
function whatIsWrong(error: unknown): string {
  if (error instanceof ZodError) {
    return error.issues.map(({ path, message }) => `${path.join(".") || "the row"}: ${message}`).join("; ");
  }
  return error instanceof Error ? error.message : String(error);
}

async function write(output: Writable, text: string): Promise<void> {
  if (!output.write(text)) await new Promise((resolve) => output.once("drain", resolve));
}
