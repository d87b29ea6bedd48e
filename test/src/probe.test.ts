import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "../../src/probe/arguments.ts";
import { probeNames } from "../../src/probe.ts";
import { probed } from "../support/probe.ts";

type Answered = {
  readonly _id?: string | number;
  readonly answerable: number;
  readonly ranked: readonly {
    readonly id: string;
    readonly passage: string;
    readonly chars: number;
    readonly score: number;
  }[];
};

test("an unknown probe is refused with the names there are", async () => {
  await expect(probed("no-such-probe", [{}])).rejects.toThrow(/There is no probe "no-such-probe"/);
});

test("arguments are read in both spellings and strangers are refused", () => {
  expect(readArguments(["--corpus", "a.jsonl"], ["corpus"])).toEqual({ corpus: "a.jsonl" });
  expect(readArguments(["--corpus=a=b.jsonl"], ["corpus"])).toEqual({ corpus: "a=b.jsonl" });
  expect(readArguments([], ["corpus"])).toEqual({ corpus: null });
  expect(() => readArguments(["--corpse", "x"], ["corpus"])).toThrow(/--corpus VALUE/);
  expect(() => readArguments(["--corpus"], ["corpus"])).toThrow(/--corpus VALUE/);
});

test("each line in gets one line out in its place, bad ones an error, and only JSON comes out", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-probe-"));
  const corpus = join(folder, "corpus.jsonl");
  await Bun.write(
    corpus,
    [
      { _id: "pip", title: "Pip battery", text: "Open the lid and change the battery of Pip." },
      { _id: "wren", title: "Wren", text: "Wren measures\u2028rain." },
    ]
      .map((row) => JSON.stringify(row).replace("\\u2028", "\u2028"))
      .join("\n"),
  );
  const input = [
    '{"_id":"1","text":"how do I change the battery"}',
    "not json",
    "",
    "[1]",
    '{"_id":"2"}',
    '{"_id":3,"text":"rain?"}',
  ];
  const rows = await probed<Answered>("retrieve", input, ["--corpus", corpus]);
  expect(rows.map((row) => row._id ?? null)).toEqual(["1", null, null, null, "2", 3]);
  expect(rows.map((row) => "error" in row)).toEqual([false, true, true, true, true, false]);
  expect(rows[0]?.ranked[0]).toEqual({
    id: "pip",
    passage: "Open the lid and change the battery of Pip.",
    chars: 43,
    score: expect.any(Number),
  });
  expect(rows[0]?.answerable).toBeGreaterThan(0);
  expect(rows[5]?.ranked[0]?.id).toBe("wren");
  rmSync(folder, { recursive: true });
});

test("probes are named", () => {
  expect(probeNames()).toEqual([...probeNames()].sort());
});
