import { expect, test } from "bun:test";
import { privacyCommand, proofText } from "../../../shards/cli/privacy.ts";

test("a proof tells each place, with its reason where it may stay", () => {
  const hits = [
    { place: "turns.text", saw: "words", count: 2, reason: null },
    { place: "passages.text", saw: "words", count: 1, reason: "the team's own text" },
  ] as const;
  expect(proofText(hits, 40).split("\n")).toEqual([
    "✗ turns.text: 2 × words",
    "· passages.text: 1 × words (the team's own text)",
    "✗ the id and 40 runs of five words: 1 places that nothing explains, 1 explained.",
    "",
  ]);
  expect(proofText([], 0)).toStartWith("✓");
});

test("nothing is forgotten of an id that is none", async () => {
  const command = privacyCommand();
  for (const one of command.commands) one.exitOverride().configureOutput({ writeErr: () => {} });
  for (const id of ["ada", "12", "1%"])
    await expect(command.parseAsync(["forget", "--user", id], { from: "user" })).rejects.toMatchObject({
      code: "commander.invalidArgument",
    });
});
