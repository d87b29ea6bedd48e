/** Control: faults on and off. The kinds are listed in faults.ts. */
import type { ControlRoute } from "../control.ts";
import type { FaultRule } from "../faults.ts";

export const faultControls: readonly ControlRoute[] = [
  { method: "GET", path: "/faults", handle: ({ services }) => services.faults.list() },
  {
    method: "POST",
    path: "/faults",
    handle({ services, body }) {
      if (body.target !== "rest" && body.target !== "gateway") throw new Error('"target" is "rest" or "gateway"');
      if (typeof body.kind !== "string") throw new Error('"kind" is missing');
      return services.faults.add(body as unknown as FaultRule);
    },
  },
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
