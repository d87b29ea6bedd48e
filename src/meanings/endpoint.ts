/**
 * Any OpenAI-compatible `/embeddings`: one request, one answer, checked before anybody relies on it.
 *
 * The address is the operator's, as the model's is: it may be on this machine or in its network, so no range is refused. It is never
 * redirected, so that the key goes nowhere else, and what comes back is bounded in bytes. Nothing is retried here: a lost answer may
 * have been paid for. No error and no log line holds the key, the address or what the other side wrote.
 * Source: https://platform.openai.com/docs/api-reference/embeddings
 */
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { Embedder } from "../meanings.ts";

/** Servers on a small machine refuse larger batches. */
export const TEXTS_MAX = 32;
const DIMENSIONS_MAX = 4_096;
/** A number takes some 20 characters as JSON. */
const ANSWER_BYTES_MAX = 20 * DIMENSIONS_MAX * TEXTS_MAX;
const RETRY_AFTER_MS_MAX = 10 * 60_000;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1).max(DIMENSIONS_MAX) })),
});

export type EndpointOptions = {
  /** Up to and without `/embeddings`. */
  readonly baseUrl: string;
  readonly key: string | null;
  readonly model: string;
  readonly clock: Clock;
};

export function createEmbedder({ baseUrl, key, model, clock }: EndpointOptions): Embedder {
  return {
    model,
    async embed(texts, deadlineMs) {
      if (texts.length === 0) return [];
      const abort = new AbortController();
      const late = new AppError("timeout", `the embedding endpoint did not answer within ${deadlineMs} ms`);
      const ended = Promise.withResolvers<never>();
      const timer = clock.after(deadlineMs, () => {
        abort.abort(late);
        ended.reject(late);
      });
      const work = ask(texts, abort.signal);
      // Whoever loses the race has nobody left to tell.
      work.catch(() => undefined);
      ended.promise.catch(() => undefined);
      try {
        return await Promise.race([work, ended.promise]);
      } finally {
        timer.cancel();
      }
    },
  };

  async function ask(texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    let response: Response;
    try {
      response = await fetch(`${baseUrl}/embeddings`, {
        method: "POST",
        signal,
        redirect: "error",
        headers: {
          "content-type": "application/json",
          // Not compressed: a few bytes must not become many.
          "accept-encoding": "identity",
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify({ model, input: texts, encoding_format: "float" }),
      });
    } catch {
      throw new AppError("unavailable", "the embedding endpoint cannot be reached");
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(response);
    }
    return vectorsOf(await bodyOf(response), texts.length);
  }
}

function refusal({ status, headers }: Response): AppError {
  const message = `the embedding endpoint answered ${status}`;
  if (status === 401 || status === 403) return new AppError("unauthorized", message);
  if (status === 404) return new AppError("not-found", message);
  if (status === 429) {
    const seconds = Number(headers.get("retry-after") ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? Math.min(RETRY_AFTER_MS_MAX, seconds * 1_000) : 1_000;
    return new AppError("rate-limited", message, { retryAfterMs });
  }
  return status === 408 || status >= 500 ? new AppError("unavailable", message) : new AppError("invalid", message);
}

async function bodyOf(response: Response): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    if (response.headers.has("content-encoding")) throw new Error("compressed, though nobody asked for it");
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > ANSWER_BYTES_MAX) throw new Error("too long");
      pieces.push(piece);
    }
  } catch {
    throw new AppError("unavailable", "the embedding endpoint's answer broke off");
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString());
  } catch {
    throw new AppError("invalid", "the embedding endpoint's answer is not JSON");
  }
}

/** JSON knows no NaN, but a server may write `null` or `1e999` in its place. */
function vectorsOf(body: unknown, texts: number): readonly Float32Array[] {
  const read = answerSchema.safeParse(body);
  if (!read.success) throw new AppError("invalid", "the embedding endpoint's answer does not have its form");
  const vectors = new Map(read.data.data.map(({ index, embedding }) => [index, Float32Array.from(embedding)]));
  const sorted = Array.from({ length: texts }, (_, index) => vectors.get(index));
  const [first] = sorted;
  if (read.data.data.length !== texts || first === undefined || sorted.includes(undefined)) {
    throw new AppError("invalid", `the embedding endpoint gave ${vectors.size} vectors for ${texts} texts`);
  }
  const given = sorted.filter((vector) => vector !== undefined);
  if (given.some((vector) => vector.length !== first.length)) {
    throw new AppError("invalid", "the embedding endpoint's vectors are of different lengths");
  }
  if (given.some((vector) => !vector.every(Number.isFinite) || vector.every((value) => value === 0))) {
    throw new AppError("invalid", "the embedding endpoint's vectors hold what is no number, or nothing but zeros");
  }
  return given;
}
