/** Control: reading and awaiting what the simulator was asked. */
import type { ControlContext, ControlRoute } from "../control.ts";
import type { LedgerFilter } from "../ledger.ts";
import { until } from "../until.ts";
import { optional, wholeNumber } from "./input.ts";

export const ledgerControls: readonly ControlRoute[] = [
  { method: "GET", path: "/ledger", handle: ({ services, query }) => services.ledger.list(filterOf(query)) },
  { method: "GET", path: "/ledger/wait", handle: wait },
  { method: "DELETE", path: "/ledger", handle: ({ services }) => services.ledger.clear() },
];

/** As `/ledger`, as soon as there are `count` answered entries that fit, or after `ms`. */
async function wait({ services, query }: ControlContext) {
  const filter = filterOf(query);
  const fitting = () => services.ledger.list(filter).filter((entry) => entry.kind !== "request" || entry.status !== 0);
  const count = wholeNumber(query, "count") ?? 1;
  const enough = () => (fitting().length >= count ? fitting() : undefined);
  return (await until(services, enough, Math.min(120_000, wholeNumber(query, "ms") ?? 10_000))) ?? fitting();
}

function filterOf(query: URLSearchParams): LedgerFilter {
  return {
    kind: optional(query.get("kind")),
    method: optional(query.get("method")),
    route: optional(query.get("route")),
    status: wholeNumber(query, "status"),
    op: wholeNumber(query, "op"),
    after: wholeNumber(query, "after"),
  };
}
