/** Filled in below. */
import type { Route } from "../route.ts";

export const applicationCommandRoutes: readonly Route[] = [];
