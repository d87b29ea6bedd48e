/**
 * Every request that reached a simulated Discord, held against Discord's own description of its HTTP API, and every IDENTIFY
 * against its pace. Whoever closes a
 * simulated Discord that the product spoke to asks this first. Without the shared data only the pace is looked at.
 */
import { checkLedger, loadSpec, type Spec } from "../../bench/simulator/openapi.ts";
import type { Simulator } from "../../bench/simulator/simulator.ts";
import { shared } from "./shared.ts";

let spec: Promise<Spec> | null | undefined;

export async function requireLawful(simulator: Simulator): Promise<void> {
  requirePaced(simulator);
  await requireKnownRequests(simulator);
}

export function requirePaced(simulator: Simulator): void {
  const tooFast = simulator.services.identifies.tooFast();
  if (tooFast > 0) throw new Error(`${tooFast} IDENTIFYs came within five seconds of another one of their key`);
}

/** Throws with every violation. */
export async function requireKnownRequests(simulator: Simulator): Promise<void> {
  if (spec === undefined) {
    const { file, there } = shared("discord/openapi.json");
    spec = there ? loadSpec(file) : null;
  }
  if (spec === null) return;
  const violations = checkLedger(await spec, simulator.services.ledger.list({ kind: "request" }));
  if (violations.length === 0) return;
  const lines = violations.map(({ method, path, kind, at, message }) => `${method} ${path}: ${kind} ${at}: ${message}`);
  throw new Error(`requests that Discord does not know:\n${[...new Set(lines)].join("\n")}`);
}
