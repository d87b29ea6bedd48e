/**
 * ③ Moderation's door: from a verdict on a message to a permitted act. The guard decides, purely, in one order.
 */
export { type Author, type Facts, guard, isAlarming, type Ruling } from "./moderation/guard.ts";
