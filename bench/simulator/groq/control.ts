/**
 * The stand-in's control routes, for tests and demos in another process:
 *   GET|DELETE /control/requests · GET|POST|DELETE /control/faults · POST|DELETE /control/script
 * POST /control/faults takes one rule, or {rules: [...]}; POST /control/script takes {content, obey?}.
 */
import type { FaultPlan, FaultRule } from "./faults.ts";
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
      if (!rules.every(isRule))
        return { status: 400, body: { error: "a rule needs fault.kind: {fault: {kind, …}, times?, chance?, …}" } };
      for (const rule of rules) target.faults.add(rule);
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

function isRule(value: unknown): value is FaultRule {
  return isRecord(value) && isRecord(value.fault) && typeof value.fault.kind === "string";
}
