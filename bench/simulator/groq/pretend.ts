/** Faults of the Groq stand-in that answer with an error of Groq's in place of any work. */
import { failedGeneration } from "./completion.ts";
import type { GroqFault } from "./faults.ts";
import { type LimitKind, RateLimits, tooMany } from "./limits.ts";
import { type ChatRequest, type GroqError, promptTokens } from "./protocol.ts";
import { json, type Reply } from "./wire.ts";

/** The error `fault` stands for; undefined when it is one that bends a right answer. */
export function pretend(fault: GroqFault, chat: ChatRequest, headers: Record<string, string>): Reply | undefined {
  switch (fault.kind) {
    case "rate-limit": {
      const waitS = fault.retryAfterS === undefined ? 2 : fault.retryAfterS;
      const error = limitError(fault.of, chat, (waitS ?? 2) * 1000);
      const retry: Record<string, string> = waitS === null ? {} : { "retry-after": String(waitS) };
      return json(429, { error: error.error }, { ...headers, ...spent(fault.of, (waitS ?? 2) * 1000), ...retry });
    }
    case "flex-full": {
      const message = "Flex tier capacity exceeded. Please try again later, or use the on_demand service tier.";
      return json(498, { error: { message, type: "invalid_request_error", code: "capacity_exceeded" } }, headers);
    }
    case "status": {
      const usual = {
        error: { message: STATUS_TEXT[fault.status] ?? "Internal Server Error", type: "internal_server_error" },
      };
      return json(fault.status, fault.body ?? usual, { ...headers, ...fault.headers });
    }
    case "json-validate-failed": {
      const message = "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.";
      const { status, error } = failedGeneration(message, '{"answer": "The');
      return json(status, { error }, headers);
    }
    default:
      return undefined;
  }
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

function limitError(kind: LimitKind, chat: ChatRequest, waitMs: number): GroqError {
  const { limits } = new RateLimits();
  const requested = kind.startsWith("tokens") ? promptTokens(chat) : 1;
  return tooMany(chat.model, kind, limits[kind], limits[kind], requested, waitMs);
}

/** The headers of a spent bucket, so that a client who reads them instead of `retry-after` sees the same. */
function spent(kind: LimitKind, waitMs: number): Record<string, string> {
  const headers = new RateLimits().headers("", 0);
  if (kind === "requestsPerDay") {
    return { ...headers, "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": `${waitMs / 1000}s` };
  }
  if (kind === "tokensPerMinute") {
    return { ...headers, "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": `${waitMs / 1000}s` };
  }
  return headers;
}
