/**
 * Where other OpenAI-compatible servers differ from Groq, as their documentation and their bug reports tell: the path, the key, what
 * becomes of a strict schema, where a model's thinking stands, and which headers are missing.
 */
import { type ChatRequest, textOf } from "./protocol.ts";
import { isObject, type JsonSchema } from "./schema.ts";

export interface Dialect {
  /** Before `/chat/completions` and `/models`. */
  readonly base: string;
  readonly keyChecked: boolean;
  readonly rateHeaders: boolean;
  /** What becomes of `response_format: json_schema`: held to it, passed over, or answered with 400. */
  readonly schemas: "held" | "ignored" | "refused";
  /** The message's field for thinking; null: before the answer, in the content. */
  readonly thinking: "reasoning" | "reasoning_content" | null;
}

export const DIALECTS = {
  groq: { base: "/openai/v1", keyChecked: true, rateHeaders: true, schemas: "held", thinking: "reasoning" },
  ollama: { base: "/v1", keyChecked: false, rateHeaders: false, schemas: "held", thinking: "reasoning" },
  vllm: { base: "/v1", keyChecked: true, rateHeaders: false, schemas: "held", thinking: "reasoning_content" },
  /** Started without a parser for thinking, and older than schemas in requests. */
  "llama.cpp": { base: "/v1", keyChecked: false, rateHeaders: false, schemas: "ignored", thinking: null },
  /** A server that knows `json_object` only. */
  plain: { base: "/v1", keyChecked: true, rateHeaders: false, schemas: "refused", thinking: null },
} as const satisfies Record<string, Dialect>;

/** What stands in the content: with thinking before it, and a fence around what no schema held. */
export function spoken(dialect: Dialect, content: string): string {
  const fenced = dialect.schemas === "held" ? content : `\u0060\u0060\u0060json\n${content}\n\u0060\u0060\u0060`;
  return dialect.thinking === null ? `<think>Which passage {n} is it?</think>\n\n${fenced}` : fenced;
}

/** As a server words it that does not know the format. */
export function schemaRefusal(dialect: Dialect, request: ChatRequest): string | null {
  return dialect.schemas === "refused" && request.response_format?.type === "json_schema"
    ? "response_format.type must be one of text, json_object"
    : null;
}

/** A schema that was written into the system prompt, as is done for a server that takes none: a model does what it reads there. */
export function schemaTold(request: ChatRequest): JsonSchema | undefined {
  const system = textOf(request.messages.find(({ role }) => role === "system"));
  const from = system.lastIndexOf('{"type":"object"');
  if (from < 0) return undefined;
  const schema: unknown = JSON.parse(system.slice(from));
  return isObject(schema) ? (schema as JsonSchema) : undefined;
}
