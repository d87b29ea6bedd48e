import { expect, test } from "bun:test";
import { checkCommand } from "../../../shards/cli/check.ts";

test("the check command asks whose check set it is", async () => {
  const command = checkCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await expect(command.parseAsync([], { from: "user" })).rejects.toThrow("--guild");
});
