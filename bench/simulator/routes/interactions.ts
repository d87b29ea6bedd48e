/** Filled in below. */
import type { Route } from "../route.ts";

export const interactionRoutes: readonly Route[] = [];
