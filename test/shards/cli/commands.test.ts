import { expect, test } from "bun:test";
import { listCommands } from "../../../shards/cli/commands.ts";

test("each command of the list is loaded under the name and with the arguments that the list tells", async () => {
  const list = listCommands(() => Promise.reject(new Error("no dashboard is started here")));
  const ownRoles = ["all", "gateway", "web", "jobs", "demo"];
  expect(list.map(([usage]) => usage)).toEqual(expect.arrayContaining(ownRoles));
  for (const [usage, , load] of list) {
    const [name = "", ...parameters] = usage.split(" ");
    if (ownRoles.includes(name)) continue;
    const command = await load(name);
    expect(command.name()).toBe(name);
    expect(command.registeredArguments.map((argument) => argument.name())).toEqual(
      parameters.map((parameter) => parameter.replace(/[<>[\].]/g, "")),
    );
  }
});
