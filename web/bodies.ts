/**
 * Who is sending us how much. A body costs memory and a connection for as long as its sender takes, so a person and a server each
 * have a share of what this process receives at once, in bodies and in bytes, until their request is answered.
 *
 * When all together send more than there is room for, the newest body of the server (or the person without one) that holds most
 * gives way: whoever sends less than others is not refused for them. Bytes count as they arrive, so a slow sender holds what it sent and no
 * more. A stranger is an address, and a proxy's address is everybody behind it: those are not counted in bodies.
 */
import { HttpRefusal } from "./refusal.ts";
import type { Visit } from "./visit.ts";

export type Sender = Pick<Visit, "request" | "person" | "address"> & {
  readonly guild?: { readonly guild: string };
};

export type Receiving = {
  /** Throws the refusal "receiving" where this is more than the sender's share. */
  take(bytes: number): void;
  /** Rejects when this body has to give way. */
  readonly refused: Promise<never>;
};

export type Bodies = {
  /** Throws the refusal "receiving" where as many bodies of this person or server are on their way as may be. */
  enter(sender: Sender): Receiving;
  /** The request is answered: nothing of its body is held any more. */
  leave(request: Request): void;
};

export type BodyShares = {
  readonly bytesMax: number;
  readonly guildBytesMax: number;
  readonly personBytesMax: number;
  readonly guildBodiesMax: number;
  readonly personBodiesMax: number;
};

const MB = 1024 * 1024;
/** One upload has at most 100 MB. */
const SHARES: BodyShares = {
  ...{ bytesMax: 512 * MB, guildBytesMax: 192 * MB, personBytesMax: 128 * MB },
  ...{ guildBodiesMax: 40, personBodiesMax: 10 },
};

type Body = {
  readonly guild: string;
  readonly person: string;
  bytes: number;
  readonly refuse: (reason: HttpRefusal) => void;
};

export function createBodies(shares: BodyShares = SHARES): Bodies {
  /** In the order in which they came. */
  const bodies = new Map<Request, Body>();
  const of = (key: "guild" | "person", whose: string) => [...bodies.values()].filter((body) => body[key] === whose);

  function giveWay(): void {
    const held = new Map<string, number>();
    let all = 0;
    for (const { guild, bytes } of bodies.values()) {
      held.set(guild, (held.get(guild) ?? 0) + bytes);
      all += bytes;
    }
    if (all <= shares.bytesMax) return;
    const [most] = [...held].sort((a, b) => b[1] - a[1])[0] ?? [];
    const newest = [...bodies].findLast(([, body]) => body.guild === most && body.bytes > 0);
    if (newest === undefined) return;
    const [request, body] = newest;
    bodies.delete(request);
    body.refuse(new HttpRefusal("receiving"));
  }

  return {
    enter({ request, person: signedIn, address, guild: server }) {
      const person = signedIn === null ? `address ${address}` : `person ${signedIn.id}`;
      const guild = server === undefined ? person : `guild ${server.guild}`;
      const full =
        (signedIn !== null && of("person", person).length >= shares.personBodiesMax) ||
        (server !== undefined && of("guild", guild).length >= shares.guildBodiesMax);
      if (full) throw new HttpRefusal("receiving");
      const { promise: refused, reject: refuse } = Promise.withResolvers<never>();
      refused.catch(() => undefined);
      const body: Body = { guild, person, bytes: 0, refuse };
      bodies.set(request, body);
      return {
        refused,
        take(bytes) {
          body.bytes += bytes;
          const sum = (all: readonly Body[]) => all.reduce((total, one) => total + one.bytes, 0);
          if (sum(of("person", person)) > shares.personBytesMax || sum(of("guild", guild)) > shares.guildBytesMax)
            throw new HttpRefusal("receiving");
          giveWay();
        },
      };
    },
    leave: (request) => void bodies.delete(request),
  };
}
