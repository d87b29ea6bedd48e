/**
 * Traces, from a frame to its reply, by OpenTelemetry: the API everywhere, the SDK and its exporter only where a collector is configured.
 *
 *   exchange (received → outcome)
 *     ├─ waited             received → taken up: ring, lane, a thought's end, the person's turn
 *     └─ knowledge.retrieve, llm.complete, store.conversations.record, discord.messages.send …   each call of a port
 *
 * Attributes are ids, fixed words and counts: never a text, a name or a secret. Without a collector there is none.
 */
import { context, diag, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import metadata from "../package.json" with { type: "json" };
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import { AppError } from "./errors.ts";
import { INSTANCE, type Logger } from "./logger.ts";
import type { Outcome } from "./record.ts";

const STOP_MS_MAX = 2_000;

const tracer = trace.getTracer("gatehouse", metadata.version);
/** A span that nobody collects still costs more than the verdict on a line of talk. */
let collected = false;

/** For this thread. Gives what sends the last spans and ends it, within two seconds; null without a collector. */
export async function startTraces(
  { traces }: Pick<Config, "traces">,
  logger: Logger,
  clock: Clock,
): Promise<(() => Promise<void>) | null> {
  if (traces === null) return null;
  const [{ TracerProvider, TraceIdRatioBasedSampler, BatchSpanProcessor }, { OTLPTraceExporter }, hooks, resources] =
    await Promise.all([
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/exporter-trace-otlp-http"),
      import("@opentelemetry/context-async-hooks"),
      import("@opentelemetry/resources"),
    ]);
  const provider = new TracerProvider({
    resource: resources.resourceFromAttributes({
      "service.name": "gatehouse",
      "service.version": metadata.version,
      "service.instance.id": INSTANCE,
    }),
    sampler: new TraceIdRatioBasedSampler(traces.share),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${traces.baseUrl}/v1/traces` }) }),
    ],
  });
  const unsent = (problem: string) =>
    logger.warn({ problem: problem.slice(0, 300), todo: "check OTEL_EXPORTER_OTLP_ENDPOINT" }, "traces-unsent");
  const ignored = () => {};
  diag.setLogger({ error: unsent, warn: unsent, info: ignored, debug: ignored, verbose: ignored });
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  collected = true;
  return async () => {
    const waiting = new AbortController();
    const late = clock.sleep(STOP_MS_MAX, waiting.signal).catch(() => {});
    await Promise.race([provider.shutdown().catch(() => {}), late]);
    waiting.abort();
    collected = false;
    trace.disable();
    context.disable();
    diag.disable();
  };
}

type Exchange = {
  readonly application: string;
  readonly trigger: string;
  readonly row: { readonly guild: string } | null;
  readonly channel: string;
  readonly receivedAtMs: number;
};

/** The root of a trace: one question until its outcome. */
export function traceExchange<T extends { readonly outcome: Outcome }>(
  { application, trigger, row, channel, receivedAtMs }: Exchange,
  work: () => Promise<T>,
): Promise<T> {
  if (!collected) return work();
  const attributes = {
    "gatehouse.application": application,
    "gatehouse.trigger": trigger,
    "gatehouse.channel": channel,
    ...(row === null ? {} : { "gatehouse.guild": row.guild }),
  };
  const options = { kind: SpanKind.CONSUMER, startTime: receivedAtMs, root: true, attributes };
  return tracer.startActiveSpan("exchange", options, async (span) => {
    tracer.startSpan("waited", { startTime: receivedAtMs }).end();
    try {
      const result = await work();
      const { kind, reason, model, tokensIn, tokensOut } = result.outcome;
      span.setAttributes({ "gatehouse.outcome": kind, "gatehouse.reason": reason });
      if (model !== null) {
        span.setAttributes({
          "gen_ai.response.model": model,
          "gen_ai.usage.input_tokens": tokensIn,
          "gen_ai.usage.output_tokens": tokensOut,
        });
      }
      if (kind === "failed") span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
      return result;
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** `port` with a span around each call within an exchange, groups of methods too. A group may be a function itself: a thread's door is. */
export function traced<Port extends object>(name: string, port: Port): Port {
  return tracedMember(name, port, undefined);
}

function tracedMember<Member extends object>(path: string, member: Member, owner: object | undefined): Member {
  const members = new Map<PropertyKey, object>();
  return new Proxy(member, {
    get(target, key) {
      const known = members.get(key);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, key);
      if ((typeof value !== "object" && typeof value !== "function") || value === null) return value;
      const made = tracedMember(`${path}.${String(key)}`, value, target);
      members.set(key, made);
      return made;
    },
    apply: (target, _, args) => spanned(path, () => Reflect.apply(target as () => unknown, owner, args)),
  });
}

function spanned(name: string, call: () => unknown): unknown {
  if (trace.getActiveSpan() === undefined) return call();
  return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT }, (span) => {
    const given = call();
    // What answers at once is no span: one that is not ended is not sent.
    if (!(given instanceof Promise)) return given;
    return given.then(
      (value) => {
        span.end();
        return value;
      },
      (error: unknown) => {
        fail(span, error);
        span.end();
        throw error;
      },
    );
  });
}

/** The kind alone: an error's message may hold anything. */
function fail(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof AppError ? error.kind : "bug" });
}
