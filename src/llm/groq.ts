/**
 * Groq's chat completions with a strict schema: one call, at most one more, all within the caller's deadline.
 *
 * groq-sdk does the request; its retries are off (they sleep `retry-after` without a cap and try time-outs again), its timer
 * stops at the headers, so deadline and abort are ours and cover the body. Five failures in a row open a breaker for 10 s.
 * Source: https://console.groq.com/docs/structured-outputs, https://console.groq.com/docs/rate-limits
 */
import Groq, { APIConnectionError, APIError } from "groq-sdk";
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from "groq-sdk/resources/chat/completions";
import type { ModelListResponse } from "groq-sdk/resources/models";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Hot } from "../hot.ts";
import type { GuildId } from "../ids.ts";
import type { AnswerResult, Completion, Limits, Llm, ResultOf, ServedModel, Task } from "../llm.ts";
import type { Logger } from "../logger.ts";
import { createPools } from "../pools.ts";
import { type Budget, createBudget } from "./budget.ts";
import { chainOf, costOf, factsOf } from "./models.ts";
import { answerSchema, moderateSchema, PROMPTS_VERSION, type Prompt, promptFor } from "./prompts.ts";
import { recites } from "./recital.ts";

export type GroqOptions = {
  readonly key: string;
  /** Groq's without `/openai/v1`; another server's with its path, up to and without `/chat/completions`. */
  readonly baseUrl: string;
  readonly answerModel: string;
  readonly judgeModel: string;
  readonly moderationModel: string;
  /** The budget that all processes share; left out: one for this process alone. */
  readonly hot?: Pick<Hot, "draw" | "fill">;
  readonly clock: Clock;
  readonly logger: Logger;
};

const ATTEMPTS_MAX = 2;
/** Longer waits before another try are not worth it: the fallback answers at once. */
const WAIT_MS_MAX = 2_000;
/** Time that a call itself needs; it may wait for its turn during the rest. */
const CALL_MS = 2_500;
/** Also a short call may ask for its turn: the pools are a network away. */
const WAIT_MS_MIN = 400;
/** Below it a second attempt has no chance. */
const ATTEMPT_MS_MIN = 500;
const FAILURES_MAX = 5;
const OPEN_MS = 10_000;
/** A retired model is asked for again after so long: it may only have been away. */
const RETIRED_MS = 10 * 60_000;
/** A refused key stays refused until somebody changes it. */
const REFUSED_MS = 60_000;

export function createGroq(options: GroqOptions): Llm {
  const { clock, logger } = options;
  const client = new Groq({ apiKey: options.key, baseURL: options.baseUrl, maxRetries: 0, logLevel: "off" });
  const own = createPools(clock);
  const budgets = new Map<string, Budget>();
  const api = apiOf(options.baseUrl);
  /** Models that are not served, and until when they are not asked. */
  const retired = new Map<string, number>();
  /** Models whose server refuses a strict schema: it is written into the prompt for them. */
  const plain = new Set<string>();
  let failures = 0;
  let openUntilMs = 0;

  function budgetOf(model: string): Budget {
    let budget = budgets.get(model);
    if (budget === undefined) {
      budget = createBudget({ model, hot: options.hot ?? own, own, clock, logger });
      budgets.set(model, budget);
    }
    return budget;
  }

  function modelOf(task: Task): string {
    if (task.task === "answer" || task.task === "post") return options.answerModel;
    return task.task === "moderate" ? options.moderationModel : options.judgeModel;
  }

  async function attempt(model: string, prompt: Prompt, guild: GuildId | null, signal: AbortSignal, ms: number) {
    const request = requestFor(model, prompt, plain.has(model));
    const budget = budgetOf(model);
    const asked = {
      task: prompt.name,
      tokens: tokensOf(request),
      guild,
      waitMsMax: Math.max(WAIT_MS_MIN, ms - CALL_MS),
    };
    await budget.pass(asked);
    let headers: Headers | null = null;
    let used: number | null = null;
    try {
      const call = client.post<ChatCompletion>(`${api}/chat/completions`, {
        ...{ body: request, signal, timeout: ms + 1_000, maxRetries: 0 },
      });
      const { data, response } = await call.withResponse();
      headers = response.headers;
      used = data.usage?.total_tokens ?? null;
      return { data, result: readResult(prompt, data.choices[0]?.message.content ?? "") };
    } catch (error) {
      if (error instanceof APIError && error.headers instanceof Headers) headers = error.headers;
      const understood = understand(error, signal);
      if (understood.kind === "rate-limited") await budget.pause(understood.retryAfterMs ?? 1_000);
      throw understood;
    } finally {
      await budget.settle(asked, headers, used);
    }
  }

  async function complete(task: Task, limits: Limits): Promise<Completion<unknown>> {
    const startedAtMs = clock.now();
    if (startedAtMs < openUntilMs)
      throw new AppError("unavailable", "the model failed repeatedly and is given a pause");
    const chain = chainOf(modelOf(task));
    let model = serving(chain);
    let prompt = fitting(task, model);
    const left = () => limits.deadlineMs - (clock.now() - startedAtMs);

    return await withDeadline(limits, clock, async (signal) => {
      for (let tries = 1; ; tries++) {
        try {
          const { data, result } = await attempt(model, prompt, limits.guild ?? null, signal, left());
          failures = 0;
          const tokensIn = data.usage?.prompt_tokens ?? 0;
          const tokensOut = data.usage?.completion_tokens ?? 0;
          return {
            result,
            model,
            tokensIn,
            tokensOut,
            costUsd: costOf(model, tokensIn, tokensOut),
            prompts: PROMPTS_VERSION,
            ms: clock.now() - startedAtMs,
          };
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          logger.debug({ model, task: task.task, tries, reason: error.kind, problem: error.message }, "model-failed");
          // Neither was worked on, so neither was paid for: the next one is no second try.
          if (error.kind === "not-found" && retire(model, chain)) {
            model = serving(chain);
            prompt = fitting(task, model);
            tries--;
            continue;
          }
          if (error instanceof SchemaRefused && !plain.has(model)) {
            plain.add(model);
            logger.warn({ model }, "model-without-schemas");
            tries--;
            continue;
          }
          const wait = error.retryAfterMs ?? 100 * tries;
          const again =
            tries < (limits.triesMax ?? ATTEMPTS_MAX) &&
            error.retryable &&
            wait <= WAIT_MS_MAX &&
            left() - wait > ATTEMPT_MS_MIN;
          if (!again) throw error;
          await clock.sleep(wait, signal);
        }
      }
    }).catch((error: unknown) => {
      if (error instanceof AppError) count(error);
      throw error;
    });
  }

  /** The first of them that is not known to be retired; where all are, the first. */
  function serving(chain: readonly string[]): string {
    return chain.find((model) => clock.now() >= (retired.get(model) ?? 0)) ?? chain[0] ?? "";
  }

  /** False where none is left to stand in for it. */
  function retire(model: string, chain: readonly string[]): boolean {
    retired.set(model, clock.now() + RETIRED_MS);
    const instead = chain.find((one) => clock.now() >= (retired.get(one) ?? 0)) ?? null;
    logger.error({ model, instead }, "model-retired");
    return instead !== null;
  }

  /** For the doctor: which of the configured models the server lists, and what answers in place of those that it does not. */
  async function served(deadlineMs: number): Promise<readonly ServedModel[]> {
    const list = await withDeadline({ deadlineMs }, clock, async (signal) => {
      try {
        const call = client.get<ModelListResponse>(`${api}/models`, { signal, timeout: deadlineMs, maxRetries: 0 });
        return (await call).data ?? [];
      } catch (error) {
        throw understand(error, signal);
      }
    });
    const there = new Set(list.map(({ id }) => id));
    const wanted = new Set([options.answerModel, options.judgeModel, options.moderationModel]);
    return [...wanted].map((model) => ({
      ...{ model, served: isThere(there, model) },
      instead: chainOf(model).find((one) => isThere(there, one)) ?? null,
    }));
  }

  function count(error: AppError): void {
    if (error.kind === "unauthorized") {
      openUntilMs = clock.now() + REFUSED_MS;
      logger.error({ problem: error.message }, "model-key-refused");
    }
    if (error.kind !== "unavailable" && error.kind !== "timeout") return;
    if (++failures < FAILURES_MAX) return;
    failures = FAILURES_MAX - 1;
    openUntilMs = clock.now() + OPEN_MS;
    logger.warn({ ms: OPEN_MS }, "model-paused");
  }

  return {
    name: "groq",
    answers: { model: options.answerModel, prompts: PROMPTS_VERSION },
    served,
    complete: <T extends Task>(task: T, limits: Limits) => complete(task, limits) as Promise<Completion<ResultOf<T>>>,
  };
}

/** The whole call, body included, ends at the deadline or when the caller aborts, even if the other side never answers. */
async function withDeadline<T>(limits: Limits, clock: Clock, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const ended = Promise.withResolvers<never>();
  const end = (why: AppError) => {
    ended.reject(why);
    abort.abort(why);
  };
  const timer = clock.after(limits.deadlineMs, () => {
    end(new AppError("timeout", `the model did not answer within ${limits.deadlineMs} ms`));
  });
  const cancel = () => end(new AppError("timeout", "the caller no longer waits for the model"));
  if (limits.signal?.aborted) cancel();
  limits.signal?.addEventListener("abort", cancel, { once: true });
  const work = run(abort.signal);
  // The loser of the race has no caller any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([ended.promise, work]);
  } finally {
    timer.cancel();
    limits.signal?.removeEventListener("abort", cancel);
    ended.promise.catch(() => undefined);
  }
}

/** Groq's own address is given without its path; any other is given with it, as its documentation has it (http://host:11434/v1). */
function apiOf(baseUrl: string): string {
  return new URL(baseUrl).pathname === "/" ? "/openai/v1" : "";
}

/** Ollama lists "llama3:latest" for what may be called "llama3". */
function isThere(listed: ReadonlySet<string>, model: string): boolean {
  return listed.has(model) || listed.has(`${model}:latest`);
}

/** With fewer passages where all of them do not fit into what the model reads: the best stand first. */
function fitting(task: Task, model: string): Prompt {
  const { contextTokens } = factsOf(model);
  let prompt = promptFor(task);
  while ("passages" in task && task.passages.length > 1) {
    const tokens = (prompt.system.length + prompt.data.length) / CHARS_A_TOKEN + prompt.tokensMax;
    if (tokens <= contextTokens) break;
    task = { ...task, passages: task.passages.slice(0, -1) };
    prompt = promptFor(task);
  }
  return prompt;
}

function requestFor(model: string, prompt: Prompt, isPlain: boolean): ChatCompletionCreateParamsNonStreaming {
  const schema = strictSchema(prompt.schema);
  const { effort } = factsOf(model);
  if (isPlain) {
    const system = `${prompt.system}\nAnswer with one JSON object of this schema and nothing else: ${JSON.stringify(schema)}`;
    return {
      model,
      messages: [
        { role: "system", content: system },
        { role: "user", content: prompt.data },
      ],
      max_completion_tokens: prompt.tokensMax,
      temperature: 0.2,
    };
  }
  return {
    model,
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.data },
    ],
    response_format: { type: "json_schema", json_schema: { name: prompt.name, schema, strict: true } },
    max_completion_tokens: prompt.tokensMax,
    temperature: 0.2,
    // Thinking long costs the seconds a member waits; other models do not know the word.
    ...(effort === null ? {} : { reasoning_effort: effort as "low", include_reasoning: false }),
  };
}

/** Our schemas hold plain types only, so that zod's JSON Schema is a strict one: all required, nothing more allowed. */
export function strictSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.minimum;
      delete jsonSchema.maximum;
    },
  });
  return plain;
}

const CHARS_A_TOKEN = 3;

/** Three characters a token, and a third of the result's limit: rather too many, since the excess is given back. */
function tokensOf(request: ChatCompletionCreateParamsNonStreaming): number {
  const chars = request.messages.reduce((sum, message) => sum + String(message.content ?? "").length, 0);
  return Math.ceil(chars / CHARS_A_TOKEN) + Math.ceil((request.max_completion_tokens ?? 0) / 3);
}

function readResult(prompt: Prompt, content: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(objectIn(content));
  } catch {
    throw new AppError("invalid", "the model's answer is not JSON", { retryable: true });
  }
  if (prompt.schema === answerSchema) {
    const found = answerSchema.safeParse(value);
    if (!found.success) throw new AppError("invalid", "the model's answer does not have its form", { retryable: true });
    const { wants_human, ...rest } = found.data;
    if (recites(rest.answer, prompt.system))
      throw new AppError("invalid", "the model's answer recites what it was told");
    return { ...rest, wantsHuman: wants_human } satisfies AnswerResult;
  }
  const found = prompt.schema.safeParse(value);
  // A verdict out of form is no verdict; asking again would only cost again.
  const retryable = prompt.schema !== moderateSchema;
  if (!found.success) throw new AppError("invalid", "the model's answer does not have its form", { retryable });
  return found.data;
}

/** A server that does not hold its model to a schema lets it think aloud before, and put a fence around. */
function objectIn(content: string): string {
  const thought = content.lastIndexOf("</think>");
  const said = thought < 0 ? content : content.slice(thought + "</think>".length);
  const [from, to] = [said.indexOf("{"), said.lastIndexOf("}")];
  return from < 0 || to < from ? said : said.slice(from, to + 1);
}

/** The server knows no strict schemas, or none of the words that go with them. */
class SchemaRefused extends AppError {}

function understand(error: unknown, signal: AbortSignal): AppError {
  if (error instanceof AppError) return error;
  if (signal.aborted)
    return signal.reason instanceof AppError ? signal.reason : new AppError("timeout", "the call was ended");
  if (error instanceof APIConnectionError) return new AppError("unavailable", "the model cannot be reached");
  if (error instanceof APIError) {
    const status = error.status ?? 0;
    const code = codeOf(error);
    if (status === 401 || status === 403)
      return new AppError("unauthorized", `the model's provider refused the key (${status})`);
    if (status === 429) {
      const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
      const retryAfterMs = Number.isFinite(seconds) ? Math.min(60_000, seconds * 1_000) : 500;
      return new AppError("rate-limited", "the model's limit is used up", { retryAfterMs });
    }
    if (status === 498 || status === 408 || status === 409 || status >= 500) {
      return new AppError("unavailable", `the model's provider answered ${status}`);
    }
    if (status === 404 || code === "model_decommissioned") {
      return new AppError("not-found", `the model's provider answered ${status}: it does not serve this model`);
    }
    const isOfSchema =
      (status === 400 || status === 422) && /response_format|json_schema|schema|grammar/i.test(error.message);
    if (isOfSchema && code !== "json_validate_failed") {
      return new SchemaRefused("invalid", `the model's provider answered ${status} to a strict schema`);
    }
    return new AppError("invalid", `the model's provider answered ${status}${code === "" ? "" : ` (${code})`}`, {
      retryable: code === "json_validate_failed",
    });
  }
  // The remaining errors come from reading the body: cut, garbled, not JSON.
  return new AppError("unavailable", "the model's answer broke off");
}

function codeOf(error: APIError): string {
  const body = error.error as { readonly error?: { readonly code?: unknown } } | undefined;
  return typeof body?.error?.code === "string" ? body.error.code : "";
}
