/**
 * Builds a chat completion (or its stream of chunks) around a content text, and the ways in which a
 * model's content goes wrong. Shapes follow groq-sdk's ChatCompletion and ChatCompletionChunk.
 */
import type { GroqFault } from "./faults.ts";
import { type ChatRequest, countTokens, type GroqError, invalid, promptTokens, reasoningTokens } from "./protocol.ts";
import { isObject, type JsonSchema, mismatch, propertiesOf } from "./schema.ts";
import type { Reply } from "./wire.ts";

const REASONING = "The user wants an answer from the material given. Check what it says, then answer.";

export interface Completion {
  readonly id: string;
  readonly request: ChatRequest;
  readonly content: string;
  /** The message's field for thinking; null: none of its own. */
  readonly thinking: "reasoning" | "reasoning_content" | null;
  readonly createdS: number;
  readonly elapsedMs: number;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export function schemaOf(request: ChatRequest): JsonSchema | undefined {
  const format = request.response_format;
  return format?.type === "json_schema" ? format.json_schema.schema : undefined;
}

export function usageOf(request: ChatRequest, content: string): Usage {
  return {
    promptTokens: promptTokens(request),
    completionTokens: countTokens(content) + reasoningTokens(request),
  };
}

/** Groq's 400 when the content does not fit the schema, or was cut off by the token limit; else undefined. */
export function generationProblem(request: ChatRequest, content: string): GroqError | undefined {
  if (!request.response_format || request.response_format.type === "text") return undefined;
  if (usageOf(request, content).completionTokens > tokensMax(request)) {
    return failedGeneration(
      "Failed to validate JSON: max completion tokens reached before generating a valid document.",
      "",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return failedGeneration(
      "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
      content,
    );
  }
  const schema = schemaOf(request);
  const problem = schema && mismatch(schema, value);
  return problem
    ? failedGeneration(
        `Generated JSON does not match the expected schema. Please adjust your prompt. See 'failed_generation' for more details. Error: ${problem}`,
        content,
      )
    : undefined;
}

export function failedGeneration(message: string, generated: string): GroqError {
  const { status, error } = invalid(message, { code: "json_validate_failed" });
  return { status, error: { ...error, failed_generation: generated } };
}

/** The content a model gone wrong would give in place of `content`. */
export function spoil(fault: GroqFault | undefined, request: ChatRequest, content: string): string {
  switch (fault?.kind) {
    case "garbage-content":
      return `Sure! Here is what you asked for:\n\n\u0060\u0060\u0060json\n${content.slice(0, content.length / 2)}`;
    case "off-schema":
      return JSON.stringify(offSchema(schemaOf(request), content));
    default:
      return content;
  }
}

/** The 200 reply: one JSON body, or server-sent events when the request streams. */
export function completionReply(
  completion: Completion,
  fault: GroqFault | undefined,
  headers: Reply["headers"],
): Reply {
  if (completion.request.stream === true) {
    return {
      status: 200,
      headers: { ...headers, "content-type": "text/event-stream" },
      body: "",
      events: chunks(completion),
    };
  }
  const body = JSON.stringify(envelope(completion, fault));
  const json = { ...headers, "content-type": "application/json" };
  if (fault?.kind === "truncated-json") return { status: 200, headers: json, body: body.slice(0, body.length / 2) };
  if (fault?.kind === "garbage")
    return { status: 200, headers: json, body: "<html><body>502 Bad Gateway</body></html>" };
  return { status: 200, headers: json, body };
}

function envelope(
  { id, request, content, thinking, createdS, elapsedMs }: Completion,
  fault: GroqFault | undefined,
): unknown {
  const { text, finish } = limited(request, content);
  const reasoning =
    request.include_reasoning === false || thinking === null || reasoningTokens(request) === 0
      ? {}
      : { [thinking]: REASONING };
  const empty = fault?.kind === "empty";
  const message = { role: "assistant", content: empty ? null : text, ...reasoning };
  const choice = { index: 0, message, logprobs: null, finish_reason: finish };
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: createdS,
    model: request.model,
    choices: empty && fault.choices === 0 ? [] : [choice],
    usage: usageBody(request, text, elapsedMs),
    usage_breakdown: null,
    system_fingerprint: "fp_standin",
    x_groq: { id: `req_${id}`, seed: request.seed ?? 1 },
    service_tier: request.service_tier ?? "on_demand",
  };
}

function chunks({ id, request, content, createdS, elapsedMs }: Completion): string[] {
  const base = {
    id: `chatcmpl-${id}`,
    object: "chat.completion.chunk",
    created: createdS,
    model: request.model,
    system_fingerprint: "fp_standin",
  };
  const { text, finish } = limited(request, content);
  const usage = usageBody(request, text, elapsedMs);
  const delta = (value: unknown, more: object = {}) => ({
    ...base,
    choices: [{ index: 0, delta: value, logprobs: null, finish_reason: null }],
    ...more,
  });
  const list: unknown[] = [
    delta({ role: "assistant", content: "" }, { x_groq: { id: `req_${id}`, seed: request.seed ?? 1 } }),
  ];
  for (const word of text.match(/\s*\S+|\s+$/g) ?? []) list.push(delta({ content: word }));
  list.push({
    ...base,
    choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: finish }],
    x_groq: { id: `req_${id}`, usage },
  });
  if (request.stream_options?.include_usage) list.push({ ...base, choices: [], usage });
  return [...list.map((item) => `data: ${JSON.stringify(item)}\n\n`), "data: [DONE]\n\n"];
}

function usageBody(request: ChatRequest, content: string, elapsedMs: number): unknown {
  const { promptTokens: prompt, completionTokens } = usageOf(request, content);
  const seconds = elapsedMs / 1000;
  return {
    queue_time: 0.001,
    prompt_tokens: prompt,
    prompt_time: Number((seconds / 4).toFixed(6)),
    completion_tokens: completionTokens,
    completion_time: Number(((seconds * 3) / 4).toFixed(6)),
    total_tokens: prompt + completionTokens,
    total_time: Number(seconds.toFixed(6)),
    completion_tokens_details: { reasoning_tokens: reasoningTokens(request) },
  };
}

/** Plain text past the limit is cut and says `length`; JSON never gets here too long. */
function limited(request: ChatRequest, content: string): { text: string; finish: "stop" | "length" } {
  const room = Math.max(0, tokensMax(request) - reasoningTokens(request));
  return countTokens(content) <= room
    ? { text: content, finish: "stop" }
    : { text: content.slice(0, room * 4), finish: "length" };
}

function tokensMax(request: ChatRequest): number {
  return request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
}

/** A property dropped, one of a wrong type, one too many. */
function offSchema(schema: JsonSchema | undefined, content: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    value = {};
  }
  const names = schema ? Object.keys(propertiesOf(schema)) : [];
  const rest = isObject(value) ? { ...value } : {};
  const [first, second] = names;
  return Object.fromEntries([
    ...Object.entries(rest).filter(([name]) => name !== first && name !== second),
    ...(second === undefined ? [] : [[second, { unexpected: [1, "two", null] }]]),
    ["extra_property", true],
  ]);
}
