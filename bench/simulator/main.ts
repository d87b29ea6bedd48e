/**
 * The simulated Discord as a process: `bun run sim [--port N] [--seed N] [--bots N] [--shards N] [--community FILE] [--with-parent]`.
 *
 * Prints one JSON line with every URL, token and key, and runs until SIGTERM or SIGINT; with `--with-parent` also
 * until stdin closes, so that it never outlives a parent that was killed.
 */
import { parseArgs } from "node:util";
import { startGroq } from "./groq.ts";
import { startSimulator } from "./simulator.ts";

const HELP = `The simulated Discord, with stand-ins for Groq and a mail server.

  bun run sim [options]

  --port N          listen on this port (default: a free one)
  --seed N          ids, tokens and keys follow from it (default: 1)
  --bots N          applications with a bot each (default: 1)
  --shards N        what /gateway/bot recommends (default: 1)
  --community FILE  guilds, members and a script of talk; POST /control/community/start begins it
  --heartbeat MS    heartbeat interval (default: 41250)
  --no-limits       buckets and the global limit are not enforced
  --with-parent     end when stdin closes

Prints one JSON line: {"ready":true,"api":…,"gateway":…,"control":…,"bots":[…],"groq":…,"smtp":…}.
The control API is described in bench/simulator/README.md.
`;

const { values } = parseArgs({
  options: {
    port: { type: "string" },
    seed: { type: "string" },
    bots: { type: "string" },
    shards: { type: "string" },
    community: { type: "string" },
    heartbeat: { type: "string" },
    "no-limits": { type: "boolean" },
    "with-parent": { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const simulator = startSimulator({
  ...numberOption("port", values.port),
  ...numberOption("seed", values.seed),
  ...numberOption("bots", values.bots),
  ...numberOption("shards", values.shards),
  ...(values.heartbeat === undefined ? {} : { gateway: { heartbeatMs: Number(values.heartbeat) } }),
  ...(values["no-limits"] ? { limits: { enforced: false } } : {}),
  ...(values.community === undefined ? {} : { community: await Bun.file(values.community).json() }),
});
const groq = await startGroq();

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await Promise.all([simulator.stop(), groq.stop()]);
  process.exit(0);
}

process.on("SIGTERM", () => void stop());
process.on("SIGINT", () => void stop());
if (values["with-parent"]) {
  process.stdin.on("end", () => void stop());
  process.stdin.on("close", () => void stop());
  process.stdin.resume();
}

process.stdout.write(
  `${JSON.stringify({
    ready: true,
    pid: process.pid,
    api: simulator.api,
    gateway: simulator.gatewayUrl,
    control: simulator.controlUrl,
    oauth: simulator.oauthUrl,
    page: `${simulator.controlUrl}/page`,
    bots: simulator.bots,
    guilds: [...simulator.world.guilds.values()].map((guild) => ({
      id: guild.id,
      name: guild.name,
      ownerId: guild.ownerId,
    })),
    groq: groq.url,
    groqKey: groq.key,
    smtp: (await simulator.services.standIns.smtp()).url,
  })}\n`,
);

function numberOption<K extends string>(name: K, value: string | undefined): { [key in K]?: number } {
  if (value === undefined) return {};
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0) return { [name]: number } as { [key in K]?: number };
  process.stderr.write(`--${name} wants a whole number, not "${value}"\n`);
  process.exit(2);
}
