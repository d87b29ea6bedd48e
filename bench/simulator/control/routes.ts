/** The table of control routes, one file a noun. */
import type { ControlRoute } from "../control.ts";
import { faultControls } from "./faults.ts";
import { gatewayControls } from "./gateway.ts";
import { interactionControls } from "./interactions.ts";
import { ledgerControls } from "./ledger.ts";
import { memberControls } from "./members.ts";
import { messageControls } from "./messages.ts";
import { oauthControls } from "./oauth.ts";
import { standInControls } from "./stand-ins.ts";
import { worldControls } from "./world.ts";

export const controlRoutes: readonly ControlRoute[] = [
  ...worldControls,
  ...memberControls,
  ...messageControls,
  ...interactionControls,
  ...oauthControls,
  ...ledgerControls,
  ...faultControls,
  ...gatewayControls,
  ...standInControls,
];
