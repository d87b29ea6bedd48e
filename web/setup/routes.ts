/** Getting the deployment ready, step by step; whoever runs it sees this first. */
import { type Route, route } from "../guard.ts";
import type { Kit } from "../kit.ts";
import { htmlResponse } from "../respond.ts";
import type { SelfTest } from "../webhook.ts";
import { readSetup } from "./checks.ts";
import { setupPage, testPart } from "./view.ts";

export function setupRoutes({ webhook }: Kit): readonly Route[] {
  return [
    route("operator", "GET", "/setup", async (visit) =>
      setupPage(visit, await readSetup(visit.services, visit.publicUrl), null),
    ),
    route("operator", "POST", "/setup/self-test", async (visit) => {
      const result: SelfTest = await webhook.selfTest(visit.publicUrl);
      if (visit.fragment) return testPart(visit, result);
      return htmlResponse(setupPage(visit, await readSetup(visit.services, visit.publicUrl), result));
    }),
  ];
}
