/** Runs a probe as the command line does: rows in, the JSON of its output lines out. */
import { Writable } from "node:stream";
import { runProbe } from "../../src/probe.ts";

type Row = Readonly<Record<string, unknown>>;

/** A row that is a text already goes in as it stands. */
export async function probed<T = Record<string, unknown>>(
  name: string,
  rows: readonly (Row | string)[],
  args: readonly string[] = [],
): Promise<T[]> {
  let out = "";
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const lines = rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row)));
  await runProbe(name, { input: new Blob([lines.join("\n")]).stream(), output, args });
  return out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}
