import { expect, test } from "bun:test";
import { Writable } from "node:stream";
import { probeNames, readArguments, runProbe } from "../../src/probe.ts";

test("an unknown probe is refused with the names there are", async () => {
  await expect(run("no-such-probe", "{}\n")).rejects.toThrow(/There is no probe "no-such-probe"/);
});

test("arguments are read in both spellings and strangers are refused", () => {
  expect(readArguments(["--corpus", "a.jsonl"], ["corpus"])).toEqual({ corpus: "a.jsonl" });
  expect(readArguments(["--corpus=a=b.jsonl"], ["corpus"])).toEqual({ corpus: "a=b.jsonl" });
  expect(readArguments([], ["corpus"])).toEqual({ corpus: null });
  expect(() => readArguments(["--corpse", "x"], ["corpus"])).toThrow(/--corpus VALUE/);
  expect(() => readArguments(["--corpus"], ["corpus"])).toThrow(/--corpus VALUE/);
});

test("probes are named", () => {
  expect(probeNames()).toEqual([...probeNames()].sort());
});

async function run(name: string, input: string, args: readonly string[] = []): Promise<string[]> {
  let out = "";
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  await runProbe(name, { input: new Blob([input]).stream(), output, args });
  return out.split("\n").slice(0, -1);
}
