import { expect, test } from "bun:test";
import { dossierCommand } from "../../../shards/cli/dossier.ts";

test("one server or all must be asked for, not both", async () => {
  const command = dossierCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  await expect(command.parseAsync([], { from: "user" })).rejects.toMatchObject({ code: 64 });
  const both = ["--all", "--guild", "123456789012345678"];
  await expect(command.parseAsync(both, { from: "user" })).rejects.toMatchObject({
    code: "commander.conflictingOption",
  });
});
