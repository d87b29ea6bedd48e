/** Control: faults on and off. The kinds are listed in faults.ts. */
import type { ControlRoute } from "../control.ts";
import { FAULT_KINDS, type FaultRule, RATE_LIMIT_SCOPES } from "../faults.ts";
import { restPaths } from "../rest.ts";
import type { Json } from "../world.ts";
import { BOOLEAN, check, oneOf, type Readers, TEXT, within } from "./input.ts";

export const faultControls: readonly ControlRoute[] = [
  { method: "GET", path: "/faults", handle: ({ services }) => services.faults.list() },
  { method: "POST", path: "/faults", handle: ({ services, body }) => services.faults.add(readFault(body)) },
  { method: "DELETE", path: "/faults", handle: ({ services }) => services.faults.clear() },
  {
    method: "DELETE",
    path: "/faults/:fault",
    handle: ({ services, params }) => ({ removed: services.faults.remove(Number(params.fault)) }),
  },
  {
    method: "POST",
    path: "/limits/reset",
    handle: ({ services }) => services.buckets.reset(),
  },
];

const EITHER: Readers = {
  ms: within(0, 3_600_000),
  status: within(200, 599),
  applicationId: TEXT,
  times: within(1, 1_000_000_000),
  chance: {
    wants: "a number from 0 to 1",
    is: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
};

const FIELDS: Readonly<Record<"rest" | "gateway", Readers>> = {
  rest: {
    ...EITHER,
    kind: oneOf(FAULT_KINDS.rest),
    method: oneOf(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    route: { wants: "a route's template, or its beginning with *", is: (value) => isRoute(String(value)) },
    scope: oneOf(RATE_LIMIT_SCOPES),
  },
  gateway: {
    ...EITHER,
    kind: oneOf(FAULT_KINDS.gateway),
    shard: within(0, 1_000_000),
    on: oneOf(["identify", "resume"]),
    code: within(1000, 4999),
    resumable: BOOLEAN,
  },
};

/** A rule that can strike; a misspelt one would strike nothing, and its test would pass for the wrong reason. */
function readFault(body: Json): FaultRule {
  const { target, ...fields } = body;
  if (target !== "rest" && target !== "gateway") throw new Error('"target" is "rest" or "gateway"');
  check(`a ${target} fault`, fields, FIELDS[target], ["kind"]);
  return { ...fields, target } as FaultRule;
}

function isRoute(route: string): boolean {
  return restPaths.some((path) => (route.endsWith("*") ? path.startsWith(route.slice(0, -1)) : path === route));
}
