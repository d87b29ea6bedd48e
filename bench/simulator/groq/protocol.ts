/**
 * Groq's chat-completions protocol as its clients see it: the request's shape and rules, the error
 * bodies, and the token arithmetic. Shapes follow groq-sdk 1.6's types; wording of errors follows
 * console.groq.com/docs/{errors,structured-outputs,reasoning,rate-limits} and replies seen in public.
 */
import { type JsonSchema, schemaProblem } from "./schema.ts";

export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream?: boolean | null;
  readonly stream_options?: { readonly include_usage?: boolean } | null;
  readonly response_format?:
    | { readonly type: "text" }
    | { readonly type: "json_object" }
    | {
        readonly type: "json_schema";
        readonly json_schema: { readonly name: string; readonly schema?: JsonSchema; readonly strict?: boolean | null };
      }
    | null;
  readonly reasoning_effort?: string | null;
  readonly include_reasoning?: boolean | null;
  readonly max_completion_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly seed?: number | null;
  readonly service_tier?: string | null;
  readonly user?: string | null;
}

/** An error as Groq words it: HTTP status and the object under `error`. */
export interface GroqError {
  readonly status: number;
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code?: string;
    readonly param?: string;
    readonly failed_generation?: string;
  };
}

/** What the stand-in knows of a model; `decommissioned` answers 400 as Groq does for retired ids. */
export interface Model {
  readonly id: string;
  readonly ownedBy: string;
  readonly contextWindow: number;
  readonly completionTokensMax: number;
  readonly efforts: readonly string[];
  readonly decommissioned?: boolean;
}

const GPT_OSS = {
  ownedBy: "OpenAI",
  contextWindow: 131_072,
  completionTokensMax: 65_536,
  efforts: ["low", "medium", "high"],
} as const;

/** The chat models of Groq in 2026 that Gatehouse can be configured with, and two retired ones. */
export const MODELS: readonly Model[] = [
  { id: "openai/gpt-oss-20b", ...GPT_OSS },
  { id: "openai/gpt-oss-120b", ...GPT_OSS },
  { id: "openai/gpt-oss-safeguard-20b", ...GPT_OSS },
  {
    id: "qwen/qwen3.6-27b",
    ownedBy: "Alibaba Cloud",
    contextWindow: 131_072,
    completionTokensMax: 40_960,
    efforts: ["none", "default"],
  },
  { id: "llama-3.3-70b-versatile", ...GPT_OSS, ownedBy: "Meta", efforts: [], decommissioned: true },
  { id: "llama-3.1-8b-instant", ...GPT_OSS, ownedBy: "Meta", efforts: [], decommissioned: true },
];

const KNOWN_PROPERTIES = new Set(
  (
    "messages model citation_options compound_custom disable_tool_validation documents exclude_domains " +
    "frequency_penalty function_call functions include_domains include_reasoning logit_bias logprobs " +
    "max_completion_tokens max_tokens metadata n parallel_tool_calls presence_penalty reasoning_effort " +
    "reasoning_format response_format search_settings seed service_tier stop store stream stream_options " +
    "temperature tool_choice tools top_logprobs top_p user"
  ).split(" "),
);
const ROLES = new Set(["system", "developer", "user", "assistant", "tool", "function"]);
const TIERS = new Set(["auto", "on_demand", "flex", "performance"]);

export function invalid(message: string, extra: { code?: string; param?: string } = {}, status = 400): GroqError {
  return { status, error: { message, type: "invalid_request_error", ...extra } };
}

/** Checks a request body as Groq's front door does. Returns the request, or the error it would answer. */
export function readRequest(body: unknown, models: readonly Model[]): ChatRequest | GroqError {
  if (!isRecord(body)) return invalid("request body must be a JSON object");
  for (const name of Object.keys(body)) {
    if (!KNOWN_PROPERTIES.has(name)) return invalid(`property '${name}' is unsupported`);
  }
  if (typeof body.model !== "string" || body.model === "") return invalid("'model' : property 'model' is missing");
  const model = models.find(({ id }) => id === body.model);
  if (!model) {
    const message = `The model \`${body.model}\` does not exist or you do not have access to it.`;
    return invalid(message, { code: "model_not_found" }, 404);
  }
  if (model.decommissioned) {
    const message = `The model \`${model.id}\` has been decommissioned and is no longer supported. Please refer to https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.`;
    return invalid(message, { code: "model_decommissioned" });
  }
  const problem = messagesProblem(body.messages) ?? numbersProblem(body) ?? reasoningProblem(body, model);
  if (problem) return invalid(problem);
  return formatProblem(body) ?? (body as unknown as ChatRequest);
}

export function isGroqError(value: ChatRequest | GroqError): value is GroqError {
  return "error" in value;
}

/** The text of a message, whatever form its content takes. */
export function textOf(message: ChatMessage | undefined): string {
  const content = message?.content;
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("\n");
}

/** A rough count, four characters a token: enough to drive limits and prices. */
export function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

export function promptTokens(request: ChatRequest): number {
  const messages = request.messages.reduce((sum, message) => sum + 4 + countTokens(textOf(message)), 0);
  const format = request.response_format;
  return 64 + messages + (format?.type === "json_schema" ? countTokens(JSON.stringify(format.json_schema)) : 0);
}

/** Tokens gpt-oss spends thinking before it answers; they count against `max_completion_tokens`. */
export function reasoningTokens(request: ChatRequest): number {
  return { none: 0, low: 16, medium: 48, high: 128 }[request.reasoning_effort ?? "medium"] ?? 48;
}

/** Seconds as Groq writes them in headers and messages: `7.66s`, `2m59.56s`, `1h0m0s`, `120ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = Number(((ms % 60_000) / 1000).toFixed(3));
  return `${hours ? `${hours}h` : ""}${hours || minutes ? `${minutes}m` : ""}${seconds}s`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function messagesProblem(messages: unknown): string | undefined {
  if (!Array.isArray(messages)) return "'messages' : property 'messages' is missing";
  if (messages.length === 0) return "'messages' : minimum number of items is 1";
  for (const [index, message] of messages.entries()) {
    if (!isRecord(message)) return `'messages.${index}' : value must be an object`;
    if (typeof message.role !== "string" || !ROLES.has(message.role)) {
      return `'messages.${index}' : discriminator property 'role' has invalid value`;
    }
    const content = message.content;
    const fine = typeof content === "string" || Array.isArray(content) || message.role === "assistant";
    if (!fine) return `'messages.${index}.content' : value must be a string`;
  }
  return undefined;
}

function numbersProblem(body: Record<string, unknown>): string | undefined {
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    temperature: [0, 2],
    top_p: [0, 1],
    presence_penalty: [-2, 2],
    frequency_penalty: [-2, 2],
    max_completion_tokens: [1, 131_072],
    max_tokens: [1, 131_072],
    n: [1, 1],
  };
  for (const [name, [min, max]] of Object.entries(ranges)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "number") return `'${name}' : value must be a number`;
    if (value < min) return `'${name}' : number must be at least ${min}`;
    if (value > max) return `'${name}' : number must be at most ${max}`;
  }
  if (typeof body.service_tier === "string" && !TIERS.has(body.service_tier)) {
    return "'service_tier' : value is not one of the allowed values ['auto','on_demand','flex','performance']";
  }
  return undefined;
}

function reasoningProblem(body: Record<string, unknown>, model: Model): string | undefined {
  const gptOss = model.id.startsWith("openai/gpt-oss");
  if (gptOss && body.reasoning_format) return "`reasoning_format` is not supported with this model";
  const effort = body.reasoning_effort;
  if (effort === undefined || effort === null || model.efforts.includes(String(effort))) return undefined;
  if (gptOss) return "`reasoning_effort` must be one of `low`, `medium`, or `high`";
  return model.efforts.length === 0
    ? "`reasoning_effort` is not supported with this model"
    : `\`reasoning_effort\` must be one of ${model.efforts.map((name) => `\`${name}\``).join(" or ")}`;
}

function formatProblem(body: Record<string, unknown>): GroqError | undefined {
  const format = body.response_format;
  if (format === undefined || format === null) return undefined;
  if (!isRecord(format)) return invalid("'response_format' : value must be an object");
  const tools = Array.isArray(body.tools) && body.tools.length > 0;

  switch (format.type) {
    case "text":
      return undefined;
    case "json_object":
      if (tools) return invalid("json mode cannot be combined with tool/function calling");
      if (JSON.stringify(body.messages).toLowerCase().includes("json")) return undefined;
      return invalid(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      );
    case "json_schema": {
      if (tools) return invalid("json mode cannot be combined with tool/function calling");
      if (body.stream === true) return invalid("json mode cannot be combined with streaming");
      const wanted = format.json_schema;
      if (!isRecord(wanted)) return invalid("'response_format.json_schema' : property 'json_schema' is missing");
      if (typeof wanted.name !== "string" || !/^[\w-]{1,64}$/.test(wanted.name)) {
        return invalid("'response_format.json_schema.name' : must be 1-64 characters of a-z, A-Z, 0-9, _ and -");
      }
      const problem = schemaProblem(wanted.schema, wanted.strict === true);
      if (!problem) return undefined;
      const message = `invalid JSON schema for response_format: '${wanted.name}': ${problem}`;
      return invalid(message, { param: "response_format", code: "" });
    }
    default:
      return invalid("'response_format.type' : value is not one of ['text','json_object','json_schema']");
  }
}
