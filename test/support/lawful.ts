/**
 * Every request that reached a simulated Discord, held against Discord's own description of its HTTP API. Whoever closes a
 * simulated Discord that the product spoke to asks this first. Without the shared data it says that it did not run.
 */
import { checkLedger, loadSpec, type Spec } from "../../bench/simulator/openapi.ts";
import type { Simulator } from "../../bench/simulator/simulator.ts";
import { sharedFile } from "./shared.ts";

let spec: Promise<Spec> | null | undefined;

/** Throws with every violation. */
export async function requireLawful(simulator: Simulator): Promise<void> {
  if (spec === undefined) {
    const file = sharedFile("requests against Discord's description", "discord/openapi.json");
    spec = file === null ? null : loadSpec(file);
  }
  if (spec === null) return;
  const violations = checkLedger(await spec, simulator.services.ledger.list({ kind: "request" }));
  if (violations.length === 0) return;
  const lines = violations.map(({ method, path, kind, at, message }) => `${method} ${path}: ${kind} ${at}: ${message}`);
  throw new Error(`requests that Discord does not know:\n${[...new Set(lines)].join("\n")}`);
}
