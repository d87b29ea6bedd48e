/**
 * A TCP proxy on 127.0.0.1 that breaks on demand, for Postgres, Redis and Groq alike: it knows no
 * protocol, only bytes. Without a fault it passes everything on. A fault set is in force at once, on
 * open connections and new ones; several may be set together (latency and a slow line, say).
 */

import { createServer, type Server, type Socket } from "node:net";
import type { FaultOf, ProxyFault, Way } from "./fault-proxy/fault.ts";
import type { FlowPolicy } from "./fault-proxy/flow.ts";
import { Link, type ProxyConnection, type Rules } from "./fault-proxy/link.ts";
import { freePort } from "./free-port.ts";

export interface FaultProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  readonly port?: number;
}

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** `original` with its host and port replaced by the proxy's: user, database and path stay. */
  urlFor(original: string): string;
  /** Replaces what is set. Settles when it is in force, the listener included. */
  set(...faults: readonly ProxyFault[]): Promise<void>;
  clear(): Promise<void>;
  /** Where new connections go from now on; open ones stay where they are. */
  aim(target: FaultProxyOptions["target"]): void;
  /** Every connection accepted, oldest first; at most the last 10,000. */
  readonly connections: readonly ProxyConnection[];
  /** How many connections have been accepted in all. */
  readonly accepted: number;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const LINKS_MAX = 10_000;

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new TcpProxy(options);
  await proxy.listen(options.port ?? freePort());
  return proxy;
}

class TcpProxy implements FaultProxy, Rules {
  readonly host = HOST;
  port = 0;
  accepted = 0;
  target: FaultProxyOptions["target"];
  readonly #links: Link[] = [];
  #server: Server | undefined;
  #faults: readonly ProxyFault[] = [];
  #roomLeft = Number.POSITIVE_INFINITY;
  #lossesLeft = 0;

  constructor({ target }: FaultProxyOptions) {
    this.target = target;
  }

  get connections(): readonly ProxyConnection[] {
    return this.#links.map((link) => link.describe());
  }

  urlFor(original: string): string {
    return original.replace(
      /^(\w[\w+.-]*:\/\/(?:[^@/?#]*@)?)(?:\[[^\]]*\]|[^:/?#]*)(?::\d+)?/,
      `$1${HOST}:${this.port}`,
    );
  }

  async set(...faults: readonly ProxyFault[]): Promise<void> {
    this.#faults = faults;
    this.#roomLeft = this.find("close-after")?.connections ?? Number.POSITIVE_INFINITY;
    const losing = this.find("lose-reply");
    this.#lossesLeft = losing ? (losing.times ?? Number.POSITIVE_INFINITY) : 0;
    if (this.find("refuse")) await this.#unlisten();
    else if (!this.#server) await this.listen(this.port);
    for (const link of this.#links) link.faultsChanged();
  }

  clear(): Promise<void> {
    return this.set();
  }

  aim(target: FaultProxyOptions["target"]): void {
    this.target = target;
  }

  async stop(): Promise<void> {
    await this.#unlisten();
    for (const link of this.#links) link.end("stopped", "reset");
  }

  find<K extends ProxyFault["kind"]>(kind: K): FaultOf<K> | undefined {
    return this.#faults.find((fault): fault is FaultOf<K> => fault.kind === kind);
  }

  policy(way: Way): FlowPolicy {
    const latency = this.find("latency");
    const throttle = this.find("throttle");
    const throttled = throttle !== undefined && (throttle.way === undefined || throttle.way === way);
    return {
      latencyMs: (way === "to-target" ? latency?.toTargetMs : latency?.toClientMs) ?? 0,
      bytesPerSecond: throttled ? throttle.bytesPerSecond : Number.POSITIVE_INFINITY,
      frozen: this.find("freeze") !== undefined,
    };
  }

  /** Takes one of the replies that are to be lost; false when none is left. */
  takeLoss(): boolean {
    if (this.#lossesLeft <= 0) return false;
    this.#lossesLeft -= 1;
    return true;
  }

  listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
    this.#server = server;
    return new Promise((listening, failed) => {
      server.once("error", failed);
      server.listen(port, HOST, () => {
        const address = server.address();
        if (typeof address === "object" && address) this.port = address.port;
        listening();
      });
    });
  }

  /** Stops listening without touching open connections: only a closed listener refuses truly. */
  #unlisten(): Promise<void> {
    this.#server?.close();
    this.#server = undefined;
    return Promise.resolve();
  }

  #accept(client: Socket): void {
    this.accepted += 1;
    client.on("error", () => {});
    const link = new Link(this.accepted, this, client);
    this.#links.push(link);
    if (this.#links.length > LINKS_MAX) this.#links.splice(0, 1);
    const resetting = this.find("reset");
    if (resetting && resetting.connections !== "open") {
      link.end("reset", "reset");
    } else if (this.#roomLeft <= 0) {
      link.end("close-after", "end");
    } else {
      this.#roomLeft -= 1;
      link.open();
    }
  }
}
