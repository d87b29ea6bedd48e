/**
 * Traces of a whole process at a collector's own door: one tree from the frame to the reply, without a word of what was said, and
 * no answer that waits for a collector.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Started } from "../support/process.ts";
import { live, openStage, page, type Stage } from "../support/stage.ts";
import { until } from "../support/until.ts";

const TIMEOUT_MS = 120_000;
const QUESTION = "how do I reset the marzipan kettle?";
const FACT = "Hold the copper button for seven seconds until the lid blinks green.";

type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
  readonly status: { readonly code: number };
};
type Batch = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
};

/** Not made of hexadecimal digits, which ids are full of. */
const NAME = "wilhelmina";
const PASSWORD = "collector-password-7f3a";

let stage: Stage;
let collector: Bun.Server<undefined>;
/** Whether it answers, or lets everybody wait. */
let awake = true;
const bodies: string[] = [];
const passwords = new Set<string | null>();

beforeAll(async () => {
  stage = await openStage("traces");
  collector = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      passwords.add(request.headers.get("authorization"));
      bodies.push(await request.text());
      if (!awake) await new Promise(() => {});
      return Response.json({});
    },
  });
});
afterAll(async () => {
  await collector.stop(true);
  await stage.close();
}, TIMEOUT_MS);

function spans(): readonly Span[] {
  const batches = bodies.map((body) => JSON.parse(body) as Batch);
  return batches
    .flatMap(({ resourceSpans }) => resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((of) => of.spans));
}
const attribute = ({ attributes }: Span, name: string) => attributes.find(({ key }) => key === name)?.value.stringValue;

/** A process with a collector, and a member who asks it; gives the answer's text. */
async function askWith(
  endpoint: string,
  name: string,
): Promise<{ readonly all: Started; readonly text: string; readonly trigger: string }> {
  const { guild, channel } = stage.simulator.actions.createGuild({ name });
  const { userId } = stage.simulator.actions.addMember(guild.id, { username: NAME });
  const all = stage.gatehouse(["all"], {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${PASSWORD}`,
  });
  await live(all);
  await stage.teach(guild.id, { "kettle.md": page("The marzipan kettle", "https://docs.example/kettle", FACT) });
  const asked = stage.simulator.actions.say({ channelId: channel.id, userId, content: `{bot} ${QUESTION}` });
  const found = { channelId: channel.id, after: asked.id, author: "bot", count: 1, ms: 20_000 } as const;
  const [answer] = await stage.simulator.actions.messages(found);
  return { all, text: answer?.content ?? "", trigger: asked.id };
}

async function ended(all: Started): Promise<number> {
  all.kill("SIGTERM");
  return await all.exited;
}

test(
  "an exchange is one trace, from the frame to its record, without a word, a name or a secret in it",
  async () => {
    const { all, text, trigger } = await askWith(`http://127.0.0.1:${collector.port}`, "Traced");
    expect(text).toContain("seven seconds");
    // What is not sent yet is sent at the end.
    expect(await ended(all)).toBe(0);
    const [root, ...others] = spans().filter(
      (span) => span.name === "exchange" && attribute(span, "gatehouse.trigger") === trigger,
    );
    if (root === undefined) throw new Error("no exchange");
    expect(others).toEqual([]);
    expect(attribute(root, "gatehouse.outcome")).toBe("answered");
    const settled = all
      .stderr()
      .split("\n")
      .find((line) => line.includes("message-settled"));
    expect(JSON.parse(settled ?? "{}")).toMatchObject({ request: trigger });
    expect(root.parentSpanId).toBeUndefined();
    const within = spans().filter((span) => span.traceId === root.traceId && span.spanId !== root.spanId);
    const names = new Set(within.map(({ name }) => name));
    for (const name of [
      "waited",
      "knowledge.retrieve",
      "llm.complete",
      "discord.messages.send",
      "store.conversations.record",
    ]) {
      expect(names).toContain(name);
    }
    const ids = new Set([root.spanId, ...within.map(({ spanId }) => spanId)]);
    for (const span of within) {
      expect(ids).toContain(span.parentSpanId ?? "none");
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano));
    }
    expect([...passwords]).toEqual([`Bearer ${PASSWORD}`]);
    const sent = bodies.join("\n");
    for (const kept of ["marzipan", "seven seconds", NAME, PASSWORD, stage.groq.key]) expect(sent).not.toContain(kept);
    expect(all.stderr()).not.toContain(PASSWORD);
  },
  TIMEOUT_MS,
);

test(
  "a collector that is away, or never answers, holds no answer up and no end, and is told of in the log",
  async () => {
    const nobody = await askWith("http://127.0.0.1:9", "Untraced");
    expect(nobody.text).toContain("seven seconds");
    await until(() => nobody.all.stderr().includes("traces-unsent"), 40_000);
    expect(await ended(nobody.all)).toBe(0);
    awake = false;
    const silent = await askWith(`http://127.0.0.1:${collector.port}`, "Traced in vain");
    expect(silent.text).toContain("seven seconds");
    expect(await ended(silent.all)).toBe(0);
  },
  TIMEOUT_MS,
);
