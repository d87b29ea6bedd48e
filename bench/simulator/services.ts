/** What the routes and the control API work with, put together once in simulator.ts. */
import type { Attachments } from "./attachments.ts";
import type { Buckets } from "./buckets.ts";
import type { Faults } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import type { IdentifyLedger } from "./identify.ts";
import type { InteractionDelivery } from "./interactions.ts";
import type { Ledger } from "./ledger.ts";
import type { OauthTokens } from "./oauth-tokens.ts";
import type { StandIns } from "./stand-ins.ts";
import type { World } from "./world.ts";

export type Services = {
  readonly world: World;
  readonly gateway: Gateway;
  readonly identifies: IdentifyLedger;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly buckets: Buckets;
  readonly attachments: Attachments;
  readonly oauth: OauthTokens;
  readonly interactions: InteractionDelivery;
  readonly standIns: StandIns;
  /** Number of shards that `/gateway/bot` recommends. */
  readonly shards: number;
  readonly urls: () => { readonly api: string; readonly gateway: string; readonly origin: string };
};
