/**
 * `gatehouse demo`: a simulated Discord with a community that talks, everything else for real. The simulator is a child
 * process that knows nothing of us; we know it only by the line of JSON it prints and by its control API.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { bypassProxy, type Config, loadDemoConfig } from "../../src/config.ts";
import { AppError } from "../../src/errors.ts";
import type { GuildId } from "../../src/ids.ts";
import { importFiles } from "../../src/knowledge.ts";
import { numbered, rulePresets } from "../../src/moderation.ts";
import { createProactive, nextSlot, SCHEDULES_MAX, scheduleSchema } from "../../src/proactive.ts";
import type { Services } from "../../src/services.ts";
import { holdFolder } from "../../src/store.ts";
import { type RunningProcess, type StartWeb, startProcess } from "../process.ts";
import { EXIT, ExitError } from "./exit.ts";
import { narrate } from "./narration.ts";
import { showProgress } from "./progress.ts";
import { stopAsked } from "./roles.ts";

const ROOT = join(import.meta.dir, "../..");
const SIMULATOR = join(ROOT, "bench/simulator/main.ts");
const COMMUNITY = join(ROOT, "bench/demo/community.json");
const KNOWLEDGE = join(ROOT, "bench/demo/knowledge");
const GUILD_WAIT_MS_MAX = 20_000;
const LIVE_MS_MAX = 40_000;
const DEMOS_MAX = 9;
const PORT_TRIES_MAX = 3;

/** The simulator's line when it is up. */
type Simulated = {
  readonly api: string;
  readonly gateway: string;
  readonly control: string;
  readonly page: string;
  readonly bots: readonly {
    readonly token: string;
    readonly applicationId: string;
    readonly publicKey: string;
    readonly clientSecret: string;
  }[];
  readonly guilds: readonly { readonly id: string; readonly name: string }[];
  readonly groq: string;
  readonly groqKey: string;
  readonly smtp: string;
};

/** The part of its control API's reply that we read. */
type World = {
  readonly guilds: readonly { readonly channels: readonly { readonly id: string; readonly name: string }[] }[];
};

const HELP_CHANNELS: readonly string[] = ["help", "yardım"];
const POSTS_CHANNEL = "show-and-tell";
const LOG_CHANNEL = "mod-log";

export function demoCommand(startWeb: StartWeb): Command {
  return new Command("demo")
    .option("--seconds <n>", "end by itself after so many seconds, with a summary", readSeconds)
    .option("--extractive", "without a model: answers quote the knowledge base")
    .action(async (options: { seconds?: number; extractive?: true }) => {
      if (!existsSync(SIMULATOR)) {
        throw new ExitError(
          EXIT.outOfReach,
          "The demo's simulated Discord is not part of a build: run it from the repository.",
        );
      }
      const asked = stopAsked();
      bypassProxy("127.0.0.1");
      process.stderr.write("starting a simulated Discord, PostgreSQL and Gatehouse …\n");
      const simulator = await startSimulator();
      try {
        await demo(simulator.facts, options, asked, startWeb);
      } finally {
        simulator.stop();
      }
    });
}

async function demo(
  facts: Simulated,
  options: { readonly seconds?: number; readonly extractive?: true },
  asked: Promise<null>,
  startWeb: StartWeb,
): Promise<void> {
  const bot = facts.bots[0];
  const guild = facts.guilds[0];
  if (bot === undefined || guild === undefined) throw new Error("the simulator came up without a bot or a guild");
  const config = loadDemoConfig({
    DISCORD_API_BASE: facts.api,
    DISCORD_GATEWAY_URL: facts.gateway,
    DISCORD_TOKEN: bot.token,
    DISCORD_APPLICATION_ID: bot.applicationId,
    DISCORD_PUBLIC_KEY: bot.publicKey,
    DISCORD_CLIENT_SECRET: bot.clientSecret,
    SMTP_URL: facts.smtp,
    SMTP_FROM: "Gatehouse <gatehouse@moorlark.example>",
    ...(options.extractive ? {} : { GROQ_API_KEY: facts.groqKey, GROQ_BASE_URL: facts.groq }),
  });
  const folder = ownFolder(config.dataDir);
  if (folder.path !== config.dataDir) {
    process.stderr.write(`another demo runs in ${config.dataDir}: this one keeps its data in ${folder.path}\n`);
  }
  const running = await startOnFreePort({ ...config, dataDir: folder.path }, startWeb).catch((error: unknown) => {
    folder.release();
    throw error;
  });
  const { services, web } = running;
  try {
    await Promise.race([running.live(LIVE_MS_MAX), failure(running)]);
    await guildKnown(services, guild.id as GuildId);
    await importKnowledge(services, guild.id as GuildId);
    const fresh = await showSmartMode(services, guild.id as GuildId, facts.control);
    if (fresh) await showPlanAndPosts(services, guild.id as GuildId, facts.control);
    await post(`${facts.control}/community/start`);
    process.stdout.write(
      [
        "",
        `  Gatehouse is answering in the simulated server "${guild.name}".`,
        "",
        `  Dashboard        ${web.url}`,
        `  Sign in (once)   ${await web.signInLink()}`,
        `  Discord          ${facts.page}   (watch the channels, write as a member)`,
        `  Mailbox          ${facts.control}/mailbox   (what the team is mailed)`,
        `  Models           ${options.extractive ? "none: answers quote the knowledge base" : "a stand-in for Groq"}`,
        "  Moderation       a dry run: it says what it would do. Dashboard → Moderation → Act for real",
        "",
        options.seconds === undefined ? "  Ctrl+C ends it." : `  It ends by itself after ${options.seconds} s.`,
        "",
        "",
      ].join("\n"),
    );
    // With LOG_LEVEL=info the log itself tells, in its own form.
    if (config.log.level === "warn") narrate(services, (line) => process.stderr.write(`  ${line}\n`));
    const late = options.seconds === undefined ? [] : [services.clock.sleep(options.seconds * 1_000)];
    await Promise.race([asked, failure(running), ...late]);
    await post(`${facts.control}/community/stop`);
  } finally {
    await running.stop();
    folder.release();
  }
  process.stdout.write(`${summary(running)}\n`);
}

/** Two demos on one folder would be one bot's two processes, on two Discords: each takes the shard from the other. A later one has its own. */
function ownFolder(first: string): { readonly path: string; release(): void } {
  for (let n = 1; n <= DEMOS_MAX; n++) {
    const path = n === 1 ? first : `${first}-${n}`;
    const release = holdFolder(path);
    if (release !== null) return { path, release };
  }
  throw new AppError("unavailable", `${DEMOS_MAX} demos run in ${first} and beside it: end one of them first.`);
}

/**
 * Somebody else's port must not spoil a first look: the dashboard takes any free one then, and the address printed says which. It
 * is a number from the start: links in mails and in Discord lead there. One that is taken while we start is given up for another.
 */
async function startOnFreePort(config: Config, startWeb: StartWeb): Promise<RunningProcess> {
  for (let tries = 1; ; tries++) {
    const free = onFreePort(config);
    try {
      return await startProcess(free, { gateway: true, web: true, jobs: true }, startWeb, { newDiscord: true });
    } catch (error) {
      if (tries === PORT_TRIES_MAX || isFree(free.web.host, free.web.port)) throw error;
    }
  }
}

/** An address that cannot be listened on is reported by the dashboard. */
function onFreePort(config: Config): Config {
  const { host, port } = config.web;
  if (isFree(host, port)) return config;
  const free = listenOnce(host, 0);
  return free === null
    ? config
    : { ...config, web: { ...config.web, port: free, publicUrl: `http://${host}:${free}` } };
}

function isFree(host: string, port: number): boolean {
  return port !== 0 && listenOnce(host, port) === port;
}

/** The port that was had; null where there was none. */
function listenOnce(hostname: string, port: number): number | null {
  try {
    const listener = Bun.listen({ hostname, port, socket: { data() {} } });
    listener.stop(true);
    return listener.port;
  } catch {
    return null;
  }
}

/** `messages 73 = answered 21 + silent 50 + …`: every message that came in has an outcome. */
function summary(running: RunningProcess): string {
  const { messages, outcomes } = running.counts();
  const byKind = new Map<string, number>();
  for (const { kind, count } of outcomes) byKind.set(kind, (byKind.get(kind) ?? 0) + count);
  const parts = [...byKind].filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${count}`);
  const sum = [...byKind.values()].reduce((a, b) => a + b, 0);
  return `messages ${messages} = ${parts.join(" + ")}${sum === messages ? "" : ` (and ${messages - sum} without an outcome)`}`;
}

async function importKnowledge(services: Services, guild: GuildId): Promise<void> {
  const progress = showProgress("importing the demo knowledge base");
  const done = await importFiles(
    { guild, name: "Moorlark docs", paths: [KNOWLEDGE], onProgress: progress.update },
    { store: services.store.knowledge, bus: services.bus, clock: services.clock },
  );
  progress.end(`${done.imported} imported, ${done.unchanged} unchanged, ${done.failures.length} failed`);
}

/** In the help channels every message is read, and answered where the knowledge base helps; once, so that a visitor's settings stay. */
async function showSmartMode(services: Services, guild: GuildId, control: string): Promise<boolean> {
  const { store, bus } = services;
  const row = await store.guilds.get(guild);
  if (row === null || (await store.guilds.audit(guild, 1)).length > 0) return false;
  const world = (await (await fetch(`${control}/world`)).json()) as World;
  const help = world.guilds.flatMap((g) => g.channels).filter((channel) => HELP_CHANNELS.includes(channel.name));
  const channels = Object.fromEntries(
    help.map(({ id }) => [id, { mode: "all", smart: true, awareness: true } as const]),
  );
  const changed = help.map(({ id }) => `channels.${id}`).join(" ");
  // Moderation as it always begins: rules from the presets, a dry run.
  const moderation = {
    ...row.settings.moderation,
    ...{ on: true, rules: numbered(rulePresets("en").map((rule) => ({ ...rule, n: 0 }))) },
    actions: { delete: true, warn: true, timeout: true, kick: true, ban: false },
    filter: { ...row.settings.moderation.filter, words: ["keygen*"] },
    // Five members make a raid here, by joins or by messages.
    raid: { ...row.settings.moderation.raid, on: true, membersMin: 5, joinsMin: 5, timeout: true },
    logChannel: world.guilds.flatMap((g) => g.channels).find(({ name }) => name === LOG_CHANNEL)?.id ?? null,
  };
  // A member who asks for a person hears when the team is there, and the team gets a mail.
  const day = { from: "08:00", to: "20:00" };
  const week = [day, day, day, day, day, null, null];
  const people = { ...row.settings.people, mails: ["team@moorlark.example"], zone: "Europe/Istanbul", week };
  const settings = { ...row.settings, channels, moderation, people };
  await store.guilds.change(guild, settings, "demo", `${changed} moderation.on people.mails people.week`);
  await bus.publish({ type: "guild-changed", guild });
  return true;
}

/** An account with a plan, a schedule of posts with one gone out, and a draft that waits for a yes. */
async function showPlanAndPosts(services: Services, guild: GuildId, control: string): Promise<void> {
  const { store, bus, clock } = services;
  const account = { id: "moorlark", name: "Moorlark", plan: "standard", timeZone: "UTC", owner: null, mail: null };
  await store.accounts.save(account);
  await store.accounts.move(guild, account.id, "demo");
  await bus.publish({ type: "account-changed", account: account.id });

  const world = (await (await fetch(`${control}/world`)).json()) as World;
  const channel = world.guilds.flatMap((g) => g.channels).find(({ name }) => name === POSTS_CHANNEL);
  const row = await store.guilds.get(guild);
  if (channel === undefined || row === null) return;
  const schedule = scheduleSchema.parse({
    ...{ channel: channel.id, frequency: "daily", approval: true },
    topics: ["battery life of sensors", "backup and restore", "alerts"],
  });
  const nextAtMs = nextSlot(schedule, clock.now()) ?? clock.now();
  const saved = await store.proactive.save(guild, { id: null, schedule, paused: false, nextAtMs }, SCHEDULES_MAX);
  if (saved === null) return;
  const proactive = createProactive(services);
  const first = await proactive.draft(row, saved);
  if (!("refused" in first)) await proactive.send(row, first);
  await proactive.draft(row, saved);
}

/** The guild's row is written when its GUILD_CREATE has been worked through. */
async function guildKnown(services: Services, guild: GuildId): Promise<void> {
  const until = services.clock.now() + GUILD_WAIT_MS_MAX;
  while ((await services.store.guilds.get(guild)) === null) {
    if (services.clock.now() > until)
      throw new AppError("timeout", "The simulated server was not announced to the bot.");
    await services.clock.sleep(50);
  }
}

async function failure(running: RunningProcess): Promise<never> {
  throw new AppError("unavailable", await running.gatewayEnded);
}

async function startSimulator(): Promise<{ readonly facts: Simulated; stop(): void }> {
  // It ends with our standard input's pipe, also when we are killed; in a session of its own, so that Ctrl-C in the terminal is for us
  // and what is under way still has its Discord.
  const child = Bun.spawn([process.execPath, SIMULATOR, "--with-parent", "--community", COMMUNITY], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
    cwd: ROOT,
    detached: true,
  });
  let text = "";
  for await (const bytes of child.stdout) {
    text += new TextDecoder().decode(bytes);
    if (text.includes("\n")) break;
  }
  if (!text.includes("\n"))
    throw new AppError("unavailable", `The simulated Discord did not start (exit code ${await child.exited}).`);
  return { facts: JSON.parse(text.slice(0, text.indexOf("\n"))), stop: () => child.kill() };
}

async function post(url: string): Promise<void> {
  const response = await fetch(url, { method: "POST" });
  if (!response.ok)
    throw new AppError("invalid", `The simulated Discord refused ${url}: ${response.status} ${await response.text()}`);
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError("It must be a number of seconds, above 0.");
  return seconds;
}
