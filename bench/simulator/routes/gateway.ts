/** https://discord.com/developers/docs/events/gateway#get-gateway-bot */
import { ok, type Route } from "../route.ts";

export const gatewayRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/gateway",
    auth: "none",
    handle: ({ services }) => ok({ url: services.urls().gateway }),
  },
  {
    method: "GET",
    path: "/gateway/bot",
    auth: "bot",
    limit: { requests: 2, perMs: 5_000 },
    handle: ({ services, application }) =>
      ok({
        url: services.urls().gateway,
        session_start_limit: services.identifies.status(application),
        shards: services.shards,
      }),
  },
];
