import { expect, test } from "bun:test";
import { EXIT, ExitError } from "../../../shards/cli/exit.ts";

test("exit codes are sysexits' own, and an error carries its code beside what a person reads", () => {
  expect(EXIT).toEqual({ usage: 64, outOfReach: 69, wrongConfiguration: 78 });
  const error = new ExitError(EXIT.outOfReach, "nobody is there");
  expect([error.code, error.message, error instanceof Error]).toEqual([69, "nobody is there", true]);
});
