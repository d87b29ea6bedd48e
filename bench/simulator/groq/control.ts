/**
 * The stand-in's control routes, for tests and demos in another process:
 *   GET|DELETE /control/requests · GET|POST|DELETE /control/faults · POST|DELETE /control/script
 * POST /control/faults takes one rule, or {rules: [...]}; POST /control/script takes {content, obey?}.
 */
import { check, oneOf, type Readers, TEXT, within } from "../control/input.ts";
import type { Json } from "../world.ts";
import type { FaultPlan, FaultRule, GroqFault } from "./faults.ts";
import type { LimitKind } from "./limits.ts";
import { isRecord } from "./protocol.ts";

export interface Controlled {
  readonly requests: unknown[];
  readonly faults: FaultPlan;
  script: ((request: never) => object | string | undefined | Promise<object | string | undefined>) | undefined;
  obeyed: string | undefined;
}

export function control(
  target: Controlled,
  method: string,
  path: string,
  text: string,
): { status: number; body: unknown } {
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch {
    return { status: 400, body: { error: "the body is not JSON" } };
  }
  switch (`${method} ${path}`) {
    case "GET /control/requests":
      return { status: 200, body: { requests: target.requests } };
    case "DELETE /control/requests":
      target.requests.length = 0;
      return { status: 200, body: { requests: [] } };
    case "GET /control/faults":
      return { status: 200, body: { faults: target.faults.list() } };
    case "DELETE /control/faults":
      target.faults.clear();
      return { status: 200, body: { faults: [] } };
    case "POST /control/faults": {
      const rules = isRecord(body) && Array.isArray(body.rules) ? body.rules : [body];
      try {
        for (const rule of rules.map(readRule)) target.faults.add(rule);
      } catch (error) {
        return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
      }
      return { status: 200, body: { faults: target.faults.list() } };
    }
    case "POST /control/script": {
      const content = isRecord(body) ? body.content : undefined;
      if (typeof content !== "string" && !isRecord(content))
        return { status: 400, body: { error: "content must be a text or an object" } };
      target.script = undefined;
      target.obeyed = undefined;
      if (isRecord(body) && body.obey === true)
        target.obeyed = typeof content === "string" ? content : JSON.stringify(content);
      else target.script = () => content;
      return { status: 200, body: { scripted: true } };
    }
    case "DELETE /control/script":
      target.script = undefined;
      target.obeyed = undefined;
      return { status: 200, body: { scripted: false } };
    default:
      return { status: 404, body: { error: `no control route ${method} ${path}` } };
  }
}

const LIMIT_KINDS: Readonly<Record<LimitKind, true>> = {
  requestsPerMinute: true,
  requestsPerDay: true,
  tokensPerMinute: true,
  tokensPerDay: true,
};
const ANYTHING = { wants: "anything", is: () => true };
const SECONDS = {
  wants: "seconds, or null for no header",
  is: (value: unknown) => value === null || (typeof value === "number" && value >= 0),
};

/** Per kind: what it may have, and what it must. */
const FAULTS: Readonly<Record<GroqFault["kind"], readonly [may: Readers, must?: readonly string[]]>> = {
  "rate-limit": [{ of: oneOf(Object.keys(LIMIT_KINDS)), retryAfterS: SECONDS }, ["of"]],
  "flex-full": [{}],
  status: [{ status: within(200, 599), body: ANYTHING, headers: ANYTHING }, ["status"]],
  stall: [{ at: oneOf(["before-headers", "after-headers", "mid-body"]) }, ["at"]],
  cut: [{ at: oneOf(["before-headers", "mid-body"]) }, ["at"]],
  reset: [{}],
  "truncated-json": [{}],
  garbage: [{}],
  "garbage-content": [{}],
  "off-schema": [{}],
  empty: [{ choices: within(0, 1) }],
  "json-validate-failed": [{}],
  slow: [{ ms: within(0, 3_600_000) }, ["ms"]],
  "slow-body": [{ bytesPerSecond: within(1, 1_000_000_000) }, ["bytesPerSecond"]],
};

const RULE: Readers = {
  fault: { wants: 'an object with a "kind"', is: isRecord },
  times: within(1, 1_000_000_000),
  chance: {
    wants: "a number from 0 to 1",
    is: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
  seed: within(0, 4_294_967_295),
  model: TEXT,
  contains: TEXT,
};

/** A rule that can fire: a misspelt one never would. */
function readRule(value: unknown): FaultRule {
  if (!isRecord(value)) throw new Error("a rule is an object with a fault");
  check("a rule", value, RULE, ["fault"]);
  const { kind, ...fields } = value.fault as Json;
  check("a fault", { kind }, { kind: oneOf(Object.keys(FAULTS)) }, ["kind"]);
  const [may, must] = FAULTS[kind as GroqFault["kind"]];
  check(`"${String(kind)}"`, fields, may, must);
  return value as unknown as FaultRule;
}
