/** Tells by the garbage collector whether a thing is still kept by somebody. */
import { until } from "./until.ts";

/** Until half of them are gone: the stack may still show a few to a collector that takes each word on it for an address. */
export async function letGo(things: readonly WeakRef<object>[]): Promise<void> {
  await until(() => {
    Bun.gc(true);
    return things.filter((thing) => thing.deref() === undefined).length > things.length / 2;
  });
}
