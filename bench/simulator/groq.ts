/**
 * A stand-in for Groq's OpenAI-compatible API: chat completions and models over real HTTP, with its
 * checks, errors, rate limits and faults. It answers by reading the prompt (groq/reader.ts), so a
 * demo needs no key and no product prompt is known here; tests script it or make it obey.
 * Source: console.groq.com/docs and groq-sdk's types. Control routes are under /control.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { completionReply, generationProblem, schemaOf, spoil, usageOf } from "./groq/completion.ts";
import { control } from "./groq/control.ts";
import { DIALECTS, type Dialect, schemaRefusal, schemaTold, spoken } from "./groq/dialects.ts";
import { FaultPlan, type GroqFault } from "./groq/faults.ts";
import { type Limits, RateLimits } from "./groq/limits.ts";
import { pretend } from "./groq/pretend.ts";
import { readPrompt } from "./groq/prompt.ts";
import {
  type ChatRequest,
  type GroqError,
  invalid,
  isGroqError,
  MODELS,
  type Model,
  promptTokens,
  readRequest,
} from "./groq/protocol.ts";
import { fill, freeText } from "./groq/reader.ts";
import { isObject } from "./groq/schema.ts";
import { json, pause, type Reply, readBody, send } from "./groq/wire.ts";

export interface GroqOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly key?: string;
  /** Replaces the models it knows. */
  readonly models?: readonly Model[];
  readonly limits?: Partial<Limits>;
  /** Speaks as another server does; left out: as Groq. */
  readonly dialect?: keyof typeof DIALECTS;
  /** How long every answer takes, before any fault. */
  readonly latencyMs?: number;
}

/** One request as it came in, and what became of it. */
interface GroqRecord {
  readonly id: string;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  /** Header names in lower case; the authorization is not kept. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly model: string | null;
  status: number | null;
  /** `answered`, `refused` (an error of Groq's own), or the fault that hit it. */
  outcome: "pending" | "answered" | "refused" | GroqFault["kind"];
  /** The content that was answered. */
  content: string | null;
  promptTokens: number;
  completionTokens: number;
  /** The client went away before the reply was complete. */
  aborted: boolean;
  tookMs: number | null;
}

/** What a script gives for a request: an object (missing properties are filled in), a text, or undefined for the usual reading. */
type GroqScript = (request: ChatRequest) => object | string | undefined | Promise<object | string | undefined>;

export interface GroqStandIn {
  /** Base URL without `/openai/v1`, as groq-sdk wants it; of another dialect with its path. */
  readonly url: string;
  readonly key: string;
  /** Oldest first; at most the last 10,000. */
  readonly requests: readonly GroqRecord[];
  readonly faults: FaultPlan;
  /** Answers by `script` from now on; without one, by reading again. Conformance is still enforced. */
  script(script?: GroqScript): void;
  /** Returns exactly this content, whatever the schema says: a model that obeys the attacker. */
  obey(content?: string | object): void;
  /** Settles when `count` chat requests in all have arrived. */
  arrived(count: number): Promise<void>;
  stop(): Promise<void>;
}

const GROQ_KEY = "gsk_standin0000000000000000000000000000000000000000000000";
const RECORDS_MAX = 10_000;

export async function startGroq(options: GroqOptions = {}): Promise<GroqStandIn> {
  const state = new Groq(options);
  const server = createServer((request, response) => {
    response.on("error", () => {});
    state.handle(request, response).catch((cause: unknown) => {
      process.stderr.write(
        `groq stand-in: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`,
      );
      response.socket?.destroy();
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(options.port ?? 0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${options.dialect === undefined ? "" : state.dialect.base}`,
    key: state.key,
    requests: state.requests,
    faults: state.faults,
    script: (script) => {
      state.script = script;
    },
    obey: (content) => {
      state.obeyed = typeof content === "object" ? JSON.stringify(content) : content;
    },
    arrived: (count) => state.arrived(count),
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}

class Groq {
  readonly key: string;
  readonly requests: GroqRecord[] = [];
  readonly faults = new FaultPlan();
  script: GroqScript | undefined;
  obeyed: string | undefined;
  readonly #models: readonly Model[];
  readonly #limits: RateLimits;
  readonly dialect: Dialect;
  readonly #latencyMs: number;
  #chats = 0;
  #waiters: { readonly count: number; readonly arrived: () => void }[] = [];

  constructor(options: GroqOptions) {
    this.key = options.key ?? GROQ_KEY;
    this.#models = options.models ?? MODELS;
    this.dialect = DIALECTS[options.dialect ?? "groq"];
    this.#limits = new RateLimits(options.limits);
    this.#latencyMs = options.latencyMs ?? 0;
  }

  get #chat(): string {
    return `${this.dialect.base}/chat/completions`;
  }

  arrived(count: number): Promise<void> {
    if (this.#chats >= count) return Promise.resolve();
    return new Promise((arrived) => this.#waiters.push({ count, arrived }));
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://stand-in").pathname;
    const text = await readBody(request);
    if (path.startsWith("/control/")) {
      const { status, body } = control(this, request.method ?? "GET", path, text ?? "");
      return await send(response, json(status, body, {}), undefined);
    }
    const record = this.#record(request, path, text);
    const gone = new AbortController();
    response.once("close", () => {
      record.aborted = !response.writableFinished;
      record.tookMs ??= Date.now() - record.atMs;
      gone.abort();
    });
    const { reply, fault } = await this.#reply(request, path, text, record, gone.signal);
    if (gone.signal.aborted) return;
    record.status = reply.status;
    await send(response, reply, fault);
  }

  async #reply(
    request: IncomingMessage,
    path: string,
    text: string | undefined,
    record: GroqRecord,
    gone: AbortSignal,
  ) {
    const headers = {
      "x-request-id": `req_${record.id}`,
      "x-groq-region": "local",
      "cache-control": "private, no-store",
    };
    const refuse = (error: GroqError, more: Record<string, string> = {}) => {
      record.outcome = "refused";
      return { reply: json(error.status, { error: error.error }, { ...headers, ...more }), fault: undefined };
    };

    if (this.dialect.keyChecked && request.headers.authorization !== `Bearer ${this.key}`) {
      return refuse(invalid("Invalid API Key", { code: "invalid_api_key" }, 401));
    }
    if (request.method === "GET" && path.startsWith(`${this.dialect.base}/models`))
      return this.#modelReply(path, headers, refuse, record);
    if (request.method !== "POST" || path !== this.#chat) {
      const message = `Unknown request URL: ${request.method} ${path}. Please check the URL for typos, or see the docs at https://console.groq.com/docs/`;
      return refuse(invalid(message, { code: "unknown_url" }, 404));
    }
    if (text === undefined) return refuse(invalid("Request Entity Too Large", { code: "request_too_large" }, 413));

    const chat = readRequest(record.body, this.#models);
    if (isGroqError(chat)) return refuse(chat);
    return await this.#chatReply(chat, record, headers, refuse, gone);
  }

  async #chatReply(
    chat: ChatRequest,
    record: GroqRecord,
    headers: Record<string, string>,
    refuse: (error: GroqError, more?: Record<string, string>) => { reply: Reply; fault: undefined },
    gone: AbortSignal,
  ): Promise<{ reply: Reply; fault: GroqFault | undefined }> {
    record.promptTokens = promptTokens(chat);
    const fault = this.faults.pick(chat);
    const pretended = fault && pretend(fault, chat, headers);
    if (fault && pretended) {
      record.outcome = fault.kind;
      return { reply: pretended, fault: undefined };
    }
    const limited = this.#limits.take(chat.model, record.promptTokens, Date.now());
    const limits = () => (this.dialect.rateHeaders ? this.#limits.headers(chat.model, Date.now()) : {});
    const noSchemas = schemaRefusal(this.dialect, chat);
    if (noSchemas !== null) return refuse(invalid(noSchemas), limits());
    if (limited) {
      const retry: Record<string, string> =
        limited.retryAfterS > 0 ? { "retry-after": String(limited.retryAfterS) } : {};
      return refuse(limited.refused, { ...limits(), ...retry });
    }
    await pause(this.#latencyMs + (fault?.kind === "slow" ? fault.ms : 0), gone);

    const right = await this.#content(chat);
    const problem = this.obeyed === undefined ? generationProblem(chat, right) : undefined;
    if (problem) return refuse(problem, limits());
    const content = spoken(this.dialect, spoil(fault, chat, right));
    const usage = usageOf(chat, content);
    this.#limits.spend(chat.model, usage.completionTokens, Date.now());
    record.completionTokens = usage.completionTokens;
    record.content = content;
    record.outcome = fault?.kind ?? "answered";
    const nowMs = Date.now();
    const completion = {
      id: record.id,
      request: chat,
      content,
      thinking: this.dialect.thinking,
      createdS: Math.floor(nowMs / 1000),
      elapsedMs: Math.max(1, nowMs - record.atMs),
    };
    return { reply: completionReply(completion, fault, { ...headers, ...limits() }), fault };
  }

  /** The content by obedience, script or reading; always a text, JSON when a schema was asked for. */
  async #content(chat: ChatRequest): Promise<string> {
    if (this.obeyed !== undefined) return this.obeyed;
    const schema = schemaOf(chat) ?? (this.dialect.schemas === "refused" ? schemaTold(chat) : undefined);
    const scripted = await this.script?.(chat);
    if (typeof scripted === "string") return scripted;
    const prompt = readPrompt(chat);
    if (schema) {
      const filled = fill(schema, prompt);
      return JSON.stringify(isObject(filled) ? { ...filled, ...scripted } : (scripted ?? filled));
    }
    if (scripted) return JSON.stringify(scripted);
    return chat.response_format?.type === "json_object"
      ? JSON.stringify({ answer: freeText(prompt) })
      : freeText(prompt);
  }

  #modelReply(
    path: string,
    headers: Record<string, string>,
    refuse: (error: GroqError) => { reply: Reply; fault: undefined },
    record: GroqRecord,
  ) {
    const live = this.#models.filter(({ decommissioned }) => !decommissioned).map(modelBody);
    const id = decodeURIComponent(path.slice(`${this.dialect.base}/models`.length).replace(/^\//, ""));
    const body = id === "" ? { object: "list", data: live } : live.find((model) => model.id === id);
    if (!body)
      return refuse(
        invalid(
          `The model \`${id}\` does not exist or you do not have access to it.`,
          { code: "model_not_found" },
          404,
        ),
      );
    record.outcome = "answered";
    return { reply: json(200, body, headers), fault: undefined };
  }

  #record(request: IncomingMessage, path: string, text: string | undefined): GroqRecord {
    const body = parsed(text);
    const { authorization: _secret, ...headers } = request.headers;
    const record: GroqRecord = {
      id: crypto.randomUUID(),
      atMs: Date.now(),
      method: request.method ?? "GET",
      path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      body,
      model: isObject(body) && typeof body.model === "string" ? body.model : null,
      status: null,
      outcome: "pending",
      content: null,
      promptTokens: 0,
      completionTokens: 0,
      aborted: false,
      tookMs: null,
    };
    this.requests.push(record);
    if (this.requests.length > RECORDS_MAX) this.requests.shift();
    if (path === this.#chat) {
      this.#chats += 1;
      for (const waiter of this.#waiters.filter(({ count }) => count <= this.#chats)) waiter.arrived();
      this.#waiters = this.#waiters.filter(({ count }) => count > this.#chats);
    }
    return record;
  }
}

function modelBody(model: Model) {
  return {
    id: model.id,
    object: "model",
    created: 1_754_408_224,
    owned_by: model.ownedBy,
    active: true,
    context_window: model.contextWindow,
    public_apps: null,
    max_completion_tokens: model.completionTokensMax,
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
