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
  const persons = createTally();
  const guilds = createTally();

  function remove(request: Request): void {
    const body = bodies.get(request);
    if (body === undefined) return;
    bodies.delete(request);
    persons.add(body.person, -1, -body.bytes);
    guilds.add(body.guild, -1, -body.bytes);
  }

  function giveWay(): void {
    if (guilds.bytes() <= shares.bytesMax) return;
    const most = guilds.most();
    const newest = [...bodies].findLast(([, body]) => body.guild === most && body.bytes > 0);
    if (newest === undefined) return;
    const [request, body] = newest;
    remove(request);
    body.refuse(new HttpRefusal("receiving"));
  }

  return {
    enter({ request, person: signedIn, address, guild: server }) {
      const person = signedIn === null ? `address ${address}` : `person ${signedIn.id}`;
      const guild = server === undefined ? person : `guild ${server.guild}`;
      const full =
        (signedIn !== null && persons.of(person).bodies >= shares.personBodiesMax) ||
        (server !== undefined && guilds.of(guild).bodies >= shares.guildBodiesMax);
      if (full) throw new HttpRefusal("receiving");
      const { promise: refused, reject: refuse } = Promise.withResolvers<never>();
      refused.catch(() => undefined);
      const body: Body = { guild, person, bytes: 0, refuse };
      bodies.set(request, body);
      persons.add(person, 1, 0);
      guilds.add(guild, 1, 0);
      return {
        refused,
        take(bytes) {
          // Gone already: its last chunk may still arrive.
          if (bodies.get(request) !== body) return;
          body.bytes += bytes;
          persons.add(person, 0, bytes);
          guilds.add(guild, 0, bytes);
          if (persons.of(person).bytes > shares.personBytesMax || guilds.of(guild).bytes > shares.guildBytesMax)
            throw new HttpRefusal("receiving");
          giveWay();
        },
      };
    },
    leave: remove,
  };
}

type Held = { bodies: number; bytes: number };

/** How much each has on its way, kept as it changes: a chunk costs the same however many bodies there are. */
function createTally() {
  const held = new Map<string, Held>();
  let all = 0;
  return {
    bytes: () => all,
    of: (name: string): Readonly<Held> => held.get(name) ?? { bodies: 0, bytes: 0 },
    most: () =>
      [...held].reduce<[string, Held] | null>((a, b) => (a === null || b[1].bytes > a[1].bytes ? b : a), null)?.[0],
    add(name: string, bodies: number, bytes: number): void {
      const one = held.get(name) ?? { bodies: 0, bytes: 0 };
      one.bodies += bodies;
      one.bytes += bytes;
      all += bytes;
      if (one.bodies === 0) held.delete(name);
      else held.set(name, one);
    },
  };
}
