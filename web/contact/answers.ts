/**
 * `POST /api/v1/answers`: bearer key, JSON in and out, errors as application/problem+json (RFC 9457), the rate in headers.
 * Nothing of a browser's session counts here.
 */
import { z } from "zod";
import type { AskedFrom, ContactDesk, Contacted, Rate } from "../../src/contact.ts";
import { AppError } from "../../src/errors.ts";
import { type BodyBound, readBytes } from "../body.ts";
import { HttpRefusal, REFUSAL_STATUS } from "../refusal.ts";
import type { Visit } from "../visit.ts";

const BOUND: BodyBound = { bytesMax: 16 * 1024, deadlineMs: 5_000 };
const IDEMPOTENCY_CHARS_MAX = 200;

const bodySchema = z.strictObject({
  question: z.string().trim().min(1).max(2_000),
  conversation: z.string().max(64).default("default"),
  user: z
    .strictObject({ id: z.string().min(1).max(64), name: z.string().max(80).optional() })
    .default({ id: "anonymous" }),
  language: z.string().max(35).nullable().default(null),
});

type Problem = { readonly status: number; readonly type: string; readonly title: string; readonly detail: string };

export function answerByKey(visit: Visit, contact: ContactDesk): Promise<Response> {
  return answerFrom(visit, contact, bearer(visit.request), { scope: "answers" });
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\w-]{10,100})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

export async function answerFrom(
  visit: Visit,
  contact: ContactDesk,
  secret: string | undefined,
  from: AskedFrom,
): Promise<Response> {
  try {
    const { request } = visit;
    if (secret === undefined) return problem(KEY);
    const idempotencyKey = request.headers.get("idempotency-key");
    if (idempotencyKey !== null && (idempotencyKey === "" || idempotencyKey.length > IDEMPOTENCY_CHARS_MAX)) {
      return problem(body("Idempotency-Key has 1 to 200 characters."));
    }
    const read = bodySchema.safeParse(parse(await readBytes(visit, BOUND)));
    if (!read.success) return problem(body(z.prettifyError(read.error).slice(0, 500)));
    const { question, conversation, user, language } = read.data;
    const asked = {
      question: clean(question),
      conversation,
      language,
      user: { id: user.id, name: clean(user.name ?? user.id) },
    };
    return respond(await contact.ask(secret, asked, idempotencyKey, from));
  } catch (error) {
    if (error instanceof HttpRefusal)
      return problem({ ...body("The body is too large or came too slowly."), status: REFUSAL_STATUS[error.kind] });
    if (!(error instanceof AppError)) throw error;
    visit.services.logger.warn({ error }, "api-answer-failed");
    return problem(AWAY, { "retry-after": "5" });
  }
}

/** `GET /api/v1/conversations?conversation=…&user=…`: the client's own talk, where an agent's words come in. */
export function talkByKey(visit: Visit, contact: ContactDesk): Promise<Response> {
  return talkFrom(visit, contact, bearer(visit.request), { scope: "answers" });
}

export async function talkFrom(
  visit: Visit,
  contact: ContactDesk,
  secret: string | undefined,
  from: AskedFrom,
): Promise<Response> {
  const { url, services } = visit;
  if (secret === undefined) return problem(KEY);
  const [conversation = "default", user = "anonymous"] = ["conversation", "user"].map(
    (name) => url.searchParams.get(name) ?? undefined,
  );
  if (conversation.length > 64 || user.length > 64)
    return problem(body("conversation and user have at most 64 characters."));
  try {
    const read = await contact.read(secret, { conversation, user }, from);
    if (read.state !== "read") return respond(read);
    return json(200, "application/json", read.talk, rateHeaders(read.rate));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    services.logger.warn({ error }, "api-talk-failed");
    return problem(AWAY, { "retry-after": "5" });
  }
}

function respond(contacted: Contacted): Response {
  if (contacted.state === "refused") return problem(contacted.why === "key" ? KEY : SCOPE);
  const headers = rateHeaders(contacted.rate);
  if (contacted.state === "limited") {
    return problem(RATE, { ...headers, "retry-after": String(contacted.rate.resetS) });
  }
  if (contacted.state === "conflict") return problem(contacted.why === "running" ? RUNNING : ANOTHER, headers);
  const { reply, again } = contacted;
  if (reply.outcome === "refused") {
    const about = { title: "No answer now", detail: reply.answer };
    const limited = /-(?:limit|busy)$/.test(reply.reason) && reply.reason !== "cost-limit";
    return problem({ status: limited ? 429 : 402, type: reply.reason, ...about }, headers);
  }
  if (reply.outcome === "failed") return problem(AWAY, { ...headers, "retry-after": "5" });
  return json(200, "application/json", reply, again ? { ...headers, "idempotent-replayed": "true" } : headers);
}

const KEY: Problem = {
  ...{ status: 401, type: "key", title: "The key is not known" },
  detail: "Send Authorization: Bearer with a key of the server's Contact page. It may have been revoked or replaced.",
};
const SCOPE: Problem = {
  ...{ status: 403, type: "scope", title: "The key may not do this" },
  detail: "Make a key with the scope answers.",
};
const RATE: Problem = {
  ...{ status: 429, type: "rate", title: "Too many requests" },
  detail: "The key has asked more than its rate allows. Wait as many seconds as Retry-After says.",
};
const RUNNING: Problem = {
  ...{ status: 409, type: "in-progress", title: "The same request is being answered" },
  detail: "Ask again in some seconds with the same Idempotency-Key to get its answer.",
};
const ANOTHER: Problem = {
  ...{ status: 409, type: "idempotency-key", title: "The Idempotency-Key was used with another body" },
  detail: "Use a new Idempotency-Key for a new question.",
};
const AWAY: Problem = {
  ...{ status: 503, type: "unavailable", title: "It did not work just now" },
  detail: "Try again after some seconds, with the same Idempotency-Key.",
};

function body(detail: string): Problem {
  return { status: 400, type: "body", title: "The request does not have its form", detail };
}

function problem({ status, ...rest }: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  const extra: Record<string, string> = status === 401 ? { ...headers, "www-authenticate": "Bearer" } : { ...headers };
  const type = `urn:gatehouse:problem:${rest.type}`;
  return json(status, "application/problem+json", { ...rest, type, status }, extra);
}

function json(status: number, type: string, value: unknown, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...headers, "content-type": type } });
}

/** draft-ietf-httpapi-ratelimit-headers, in its older form that clients read. */
function rateHeaders({ limit, left, resetS }: Rate): Readonly<Record<string, string>> {
  return {
    "ratelimit-limit": String(limit),
    "ratelimit-remaining": String(left),
    "ratelimit-reset": String(resetS),
  };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function clean(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
