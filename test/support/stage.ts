/**
 * A stage for whole processes: a simulated Discord, a stand-in for Groq and a database of one's own, with `gatehouse` started
 * between them as often as a test wants. Discord's limits are in force: on requests in windows ten times shorter than the real
 * ones, on IDENTIFY in real ones. What was started ends with `close`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GroqOptions, type GroqStandIn, startGroq } from "../../bench/simulator/groq.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../bench/simulator/simulator.ts";
import type { Message } from "../../bench/simulator/world.ts";
import { temporaryFolder } from "./folder.ts";
import { requireKnownRequests, requirePaced } from "./lawful.ts";
import { openDatabase, type TestDatabase } from "./postgres.ts";
import { type Started, startGatehouse } from "./process.ts";
import { until } from "./until.ts";

export type Stage = {
  readonly simulator: Simulator;
  readonly groq: GroqStandIn;
  readonly database: TestDatabase;
  /** `main`: another version's. */
  gatehouse(args: readonly string[], more?: Readonly<Record<string, string>>, main?: string): Started;
  finished(
    args: readonly string[],
    more?: Readonly<Record<string, string>>,
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Imports Markdown pages by name into a guild; throws when one fails. */
  teach(guild: string, pages: Readonly<Record<string, string>>): Promise<void>;
  /** Says something as a member and gives what the bot says after it in that channel; an empty list when it stayed silent for `ms`. */
  ask(asked: Asked): Promise<Message[]>;
  /** Ends everything; throws when a request was made that Discord does not know, or an IDENTIFY came too early. */
  close(): Promise<void>;
};

export type Asked = {
  readonly channelId: string;
  readonly userId: string;
  readonly content: string;
  readonly replyTo?: string;
  readonly count?: number;
  readonly ms?: number;
};

const ANSWER_MS_MAX = 20_000;

export async function openStage(
  purpose: string,
  options: {
    readonly simulator?: SimulatorOptions;
    readonly groq?: GroqOptions;
    /** Dropped with the stage; left out, a new one on the server for tests. */
    readonly database?: TestDatabase;
    readonly environment?: Readonly<Record<string, string>>;
    /** The caller counts IDENTIFYs that came too early itself. */
    readonly countsIdentifies?: true;
  } = {},
): Promise<Stage> {
  const folder = temporaryFolder(purpose);
  const simulator = startSimulator({ limits: { timesFaster: 10 }, ...options.simulator });
  const groq = await startGroq(options.groq);
  const database = options.database ?? (await openDatabase());
  const started: Started[] = [];
  let folders = 0;

  function gatehouse(args: readonly string[], more: Readonly<Record<string, string>> = {}, main?: string): Started {
    const bot = simulator.bots[0];
    const environment = {
      DISCORD_API_BASE: simulator.api,
      DISCORD_TOKEN: bot?.token ?? "",
      DISCORD_PUBLIC_KEY: bot?.publicKey ?? "",
      GROQ_API_KEY: groq.key,
      GROQ_BASE_URL: groq.url,
      DATABASE_URL: database.url,
      GATEHOUSE_KEY: "0f".repeat(32),
      GATEHOUSE_DATA_DIR: folder.path,
      GATEHOUSE_WORKERS: "1",
      PORT: "0",
      ...options.environment,
      ...more,
    };
    const process = startGatehouse(args, environment, { main });
    started.push(process);
    return process;
  }

  async function finished(args: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const process = gatehouse(args, more);
    return { code: await process.exited, stdout: process.stdout(), stderr: process.stderr() };
  }

  return {
    simulator,
    groq,
    database,
    gatehouse,
    finished,
    async teach(guild, pages) {
      folders++;
      const paths = Object.entries(pages).map(([name, text]) => {
        const path = join(folder.path, `${folders}-${name}`);
        writeFileSync(path, text);
        return path;
      });
      const { code, stderr } = await finished(["knowledge", "import", "--guild", guild, ...paths]);
      if (code !== 0) throw new Error(`knowledge import ended with ${code}:\n${stderr}`);
    },
    async ask({ count = 1, ms = ANSWER_MS_MAX, ...saying }) {
      const said = simulator.actions.say(saying);
      const { channelId } = saying;
      return await simulator.actions.messages({ channelId, after: said.id, author: "bot", count, ms });
    },
    async close() {
      for (const process of started) process.kill("SIGKILL");
      for (const process of started) await process.exited;
      await simulator.stop();
      await groq.stop();
      await database.drop();
      folder.remove();
      if (options.countsIdentifies !== true) requirePaced(simulator);
      await requireKnownRequests(simulator);
    },
  };
}

/** A Markdown page as an import reads it. */
export function page(title: string, url: string, text: string, language = "en"): string {
  return `---\ntitle: ${title}\nurl: ${url}\nlanguage: ${language}\n---\n# ${title}\n\n${text}\n`;
}

/** Settles once `all` serves its dashboard and its shards are live: what is said before that, no bot hears. */
export async function live(all: Started): Promise<{ readonly origin: string }> {
  const [, url = ""] = await all.printed(/Dashboard: (http\S+)/);
  const { origin } = new URL(url);
  await until(async () => {
    const { shards } = (await (await fetch(`${origin}/readyz`)).json()) as { shards: { live: number } };
    return shards.live > 0;
  }, 60_000);
  return { origin };
}

/** Settings as an admin changes them: signed in by the link that a starting process prints, through the dashboard's forms. */
export type Admin = {
  /** A mode with smart mode on, unless `fields` says otherwise; an undefined field is a box that is not ticked. */
  settings(guild: string, fields: Readonly<Record<string, string | undefined>>): Promise<void>;
  channel(guild: string, channel: string, fields: Readonly<Record<string, string>>): Promise<void>;
  /** A page's text, or what a form without fields sent to `path` is answered with. */
  page(path: string, method?: "GET" | "POST"): Promise<string>;
  /** For requests of one's own. */
  readonly cookie: string;
};

/** `all` is a process that serves the dashboard. */
export async function signIn(all: Started): Promise<Admin> {
  const [, link = ""] = await all.printed(/Sign in .*: (http\S+)/);
  const response = await fetch(link, {
    method: "POST",
    redirect: "manual",
    headers: { "sec-fetch-site": "same-origin" },
  });
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  if (cookie === "") throw new Error(`the sign-in link gave no session: ${response.status}`);
  const { origin } = new URL(link);

  /** The form as it is shown holds the version that it changes. */
  async function post(
    guild: string,
    path: string,
    fields: Readonly<Record<string, string | undefined>>,
  ): Promise<void> {
    // 503: the store was away, and is not known to be back yet.
    const saved = await until(async () => {
      const shown = await fetch(`${origin}/guilds/${guild}/settings`, { headers: { cookie } });
      if (shown.status === 503) return undefined;
      const [, version = ""] = /name="version" value="(\d+)"/.exec(await shown.text()) ?? [];
      const answer = await fetch(`${origin}/guilds/${guild}/settings${path}`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams(ticked({ version, ...fields })),
      });
      return answer.status !== 503 && answer;
    });
    if (saved.status !== 303) throw new Error(`the settings were refused with ${saved.status}: ${await saved.text()}`);
  }

  return {
    cookie,
    settings: (guild, fields) => post(guild, "", { language: "en", instructions: "", smart: "on", ...fields }),
    channel: (guild, channel, fields) => post(guild, "/channels", { channel, ...fields }),
    async page(path, method = "GET") {
      const headers = { cookie, "sec-fetch-site": "same-origin" };
      const answer = await fetch(`${origin}${path}`, { method, headers });
      if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}`);
      return await answer.text();
    },
  };
}

function ticked(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
