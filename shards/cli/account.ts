/** `gatehouse account list | set | move | plans | plan`: accounts and their plans from the command line. */
import { Command, InvalidArgumentError } from "commander";
import type { GuildId } from "../../src/ids.ts";
import { FEATURES, type Feature } from "../../src/plans/plans.ts";
import { isTimeZone, monthIn } from "../../src/time-zone.ts";
import { ExitError } from "./exit.ts";
import { readGuildId, withServices } from "./run.ts";

const LISTED_MAX = 1_000;

export function accountCommand(): Command {
  const command = new Command("account");
  command.addCommand(listCommand());
  command.addCommand(setCommand());
  command.addCommand(moveCommand());
  command.addCommand(plansCommand());
  command.addCommand(planCommand());
  return command;
}

function listCommand(): Command {
  return new Command("list")
    .description("list the accounts with what they used this month")
    .option("--json", "print one JSON line for each account")
    .action(async (options: { json?: true }) => {
      await withServices(async ({ store, clock }) => {
        const accounts = await store.accounts.list(LISTED_MAX);
        if (accounts.length === 0)
          process.stderr.write("There are no accounts yet; make one: gatehouse account set ID\n");
        for (const account of accounts) {
          const used = await store.quota.used(account.id, monthIn(clock.now(), account.timeZone));
          const limit = (await store.accounts.get(account.id))?.plan.messages ?? null;
          process.stdout.write(
            options.json
              ? `${JSON.stringify({ ...account, used, limit })}\n`
              : `${account.id}\t${account.name}\t${account.plan}\t${used} of ${limit ?? "unlimited"}\t${account.guilds} servers\n`,
          );
        }
      });
    });
}

function setCommand(): Command {
  return new Command("set")
    .description("make an account, or change it; what is not given stays as it is")
    .argument("<id>", "lower-case letters, digits, hyphens", readId)
    .option("--name <name>", "what it is called")
    .option("--plan <id>", "one of `gatehouse account plans`")
    .option("--time-zone <name>", "whose days and months are counted, such as Europe/Istanbul", readTimeZone)
    .option("--owner <id>", "the Discord user whose dashboard may join servers to it")
    .option("--mail <address>", "where warnings go")
    .action(
      async (id: string, given: { name?: string; plan?: string; timeZone?: string; owner?: string; mail?: string }) => {
        await withServices(async ({ store, bus }) => {
          const before = (await store.accounts.get(id))?.account;
          const blank = { id, name: id, plan: "unlimited", timeZone: "UTC", owner: null, mail: null };
          const account = { ...blank, ...before, ...given };
          await store.accounts.save(account);
          await bus.publish({ type: "account-changed", account: id });
          process.stdout.write(`${id} has the plan ${account.plan}\n`);
        });
      },
    );
}

function moveCommand(): Command {
  return new Command("move")
    .description("count a server in another account from now on")
    .requiredOption("--guild <id>", "which server", readGuildId)
    .argument("<account>")
    .action(async (account: string, { guild }: { guild: GuildId }) => {
      await withServices(async ({ store, bus }) => {
        if (!(await store.accounts.move(guild, account, "command line"))) {
          throw new ExitError(1, `there is no server ${guild} or no account ${account}; see: gatehouse account list`);
        }
        await bus.publish({ type: "account-changed", account });
        process.stdout.write(`${guild} counts in ${account}\n`);
      });
    });
}

function plansCommand(): Command {
  return new Command("plans")
    .description("list the plans")
    .option("--json", "print one JSON line for each plan")
    .action(async (options: { json?: true }) => {
      await withServices(async ({ store }) => {
        for (const plan of await store.accounts.plans()) {
          const { id, name, priceUsd, messages, features } = plan;
          process.stdout.write(
            options.json
              ? `${JSON.stringify(plan)}\n`
              : `${id}\t${name}\t$${priceUsd}\t${messages ?? "unlimited"}\t${features.join(",") || "-"}\n`,
          );
        }
      });
    });
}

function planCommand(): Command {
  return new Command("plan")
    .description("make a plan, or change it; what is not given stays as it is")
    .argument("<id>", "lower-case letters, digits, hyphens", readId)
    .option("--name <name>", "what it is called")
    .option("--price <dollars>", "a month", readNumber)
    .option("--messages <count>", "a month, or `unlimited`", readMessages)
    .option("--features <list>", `of ${FEATURES.join(", ")}, with commas between`, readFeatures)
    .action(
      async (
        id: string,
        given: { name?: string; price?: number; messages?: number | null; features?: readonly Feature[] },
      ) => {
        await withServices(async ({ store, bus }) => {
          const before = (await store.accounts.plans()).find((plan) => plan.id === id);
          const { price, ...rest } = given;
          const blank = { id, name: id, priceUsd: 0, messages: null, features: FEATURES, position: 9 };
          await store.accounts.savePlan({
            ...{ ...blank, ...before, ...rest },
            ...(price === undefined ? {} : { priceUsd: price }),
          });
          await bus.publish({ type: "account-changed", account: "" });
          process.stdout.write(`${id} is saved\n`);
        });
      },
    );
}

function readId(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(text)) {
    throw new InvalidArgumentError("An id has lower-case letters, digits and hyphens, at most 64.");
  }
  return text;
}

function readTimeZone(text: string): string {
  if (!isTimeZone(text)) throw new InvalidArgumentError("Use a name such as Europe/Istanbul or UTC.");
  return text;
}

function readNumber(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value < 1e6)) throw new InvalidArgumentError("It must be a number from 0 on.");
  return value;
}

function readMessages(text: string): number | null {
  if (text === "unlimited") return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("A whole number, or `unlimited`.");
  return value;
}

function readFeatures(text: string): readonly Feature[] {
  const wanted = text.split(",").map((one) => one.trim());
  const unknown = wanted.filter((one) => one !== "" && !FEATURES.includes(one as Feature));
  if (unknown.length > 0) throw new InvalidArgumentError(`Unknown: ${unknown.join(", ")}.`);
  return FEATURES.filter((feature) => wanted.includes(feature));
}
