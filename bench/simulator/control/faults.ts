/** Control: faults on and off. The kinds are listed in faults.ts. */
import type { ControlRoute } from "../control.ts";
import { FAULT_KINDS, type FaultRule, RATE_LIMIT_SCOPES } from "../faults.ts";
import { restPaths } from "../rest.ts";
import type { Json } from "../world.ts";

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

type Reader = { readonly wants: string; readonly is: (value: unknown) => boolean };

const within = (min: number, max: number): Reader => ({
  wants: `a whole number from ${min} to ${max}`,
  is: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
});
const one = (of: readonly string[]): Reader => ({
  wants: `one of ${of.join(", ")}`,
  is: (value) => of.includes(String(value)),
});

const EITHER: Readonly<Record<string, Reader>> = {
  ms: within(0, 3_600_000),
  status: within(200, 599),
  applicationId: { wants: "an application's id", is: (value) => typeof value === "string" },
  times: within(1, 1_000_000_000),
  chance: {
    wants: "a number from 0 to 1",
    is: (value) => typeof value === "number" && value >= 0 && value <= 1,
  },
};

const FIELDS: Readonly<Record<"rest" | "gateway", Readonly<Record<string, Reader>>>> = {
  rest: {
    ...EITHER,
    kind: one(FAULT_KINDS.rest),
    method: one(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    route: { wants: "a route's template, or its beginning with *", is: (value) => isRoute(String(value)) },
    scope: one(RATE_LIMIT_SCOPES),
  },
  gateway: {
    ...EITHER,
    kind: one(FAULT_KINDS.gateway),
    shard: within(0, 1_000_000),
    on: one(["identify", "resume"]),
    code: within(1000, 4999),
    resumable: { wants: "true or false", is: (value) => typeof value === "boolean" },
  },
};

/** A rule that can strike; a misspelt one would strike nothing, and its test would pass for the wrong reason. */
function readFault(body: Json): FaultRule {
  const { target, ...fields } = body;
  if (target !== "rest" && target !== "gateway") throw new Error('"target" is "rest" or "gateway"');
  if (fields.kind === undefined) throw new Error(`"kind" is missing: ${FIELDS[target].kind?.wants}`);
  for (const [name, value] of Object.entries(fields)) {
    const reader = FIELDS[target][name];
    if (!reader)
      throw new Error(`a ${target} fault has no "${name}"; it may have ${Object.keys(FIELDS[target]).join(", ")}`);
    if (!reader.is(value)) throw new Error(`"${name}" is ${reader.wants}, not ${JSON.stringify(value)}`);
  }
  return { ...fields, target } as FaultRule;
}

function isRoute(route: string): boolean {
  return restPaths.some((path) => (route.endsWith("*") ? path.startsWith(route.slice(0, -1)) : path === route));
}
