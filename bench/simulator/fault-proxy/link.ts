/**
 * One client's connection through the fault proxy and its way on to the target. It asks the proxy's
 * rules at every event, so that a fault set later applies to connections that are already open.
 */
import { connect, type Socket } from "node:net";
import type { FaultOf, ProxyFault, Way } from "./fault.ts";
import { Flow, type FlowPolicy } from "./flow.ts";

/** What a link asks of its proxy. */
export interface Rules {
  readonly target: { readonly host: string; readonly port: number };
  find<K extends ProxyFault["kind"]>(kind: K): FaultOf<K> | undefined;
  policy(way: Way): FlowPolicy;
  /** Takes one of the replies that are to be lost; false when none is left. */
  takeLoss(): boolean;
}

/** A connection as the ledger shows it. */
export interface ProxyConnection {
  readonly id: number;
  readonly openedAtMs: number;
  readonly open: boolean;
  readonly bytesToTarget: number;
  readonly bytesToClient: number;
  /** What ended it, or holds it: a fault's kind, `client`, `target`, `unreachable`; null while it is well. */
  readonly cause: string | null;
}

export class Link {
  readonly #id: number;
  readonly #rules: Rules;
  readonly #client: Socket;
  readonly #openedAtMs = Date.now();
  #target: Socket | undefined;
  #toTarget: Flow | undefined;
  #toClient: Flow | undefined;
  #cause: string | null = null;
  #over = false;
  /** Everything that still comes from the client is dropped. */
  #swallowing = false;
  /** The next reply is to be lost. */
  #losing = false;
  #reached = false;
  /** The end of what the client sent last, so that a text split over two packets is still found. */
  #tail = Buffer.alloc(0);
  #seen = { "to-target": 0, "to-client": 0 };

  constructor(id: number, rules: Rules, client: Socket) {
    this.#id = id;
    this.#rules = rules;
    this.#client = client;
  }

  open(): void {
    const client = this.#client;
    client.on("close", () => this.end("client", "end"));
    client.on("data", (bytes: Buffer) => this.#fromClient(bytes));
    client.on("end", () => this.#clientEnded());
    if (this.#rules.find("black-hole")) {
      this.#swallowing = true;
      this.#cause = "black-hole";
      return;
    }
    const target = connect({ ...this.#rules.target, allowHalfOpen: true, noDelay: true });
    this.#target = target;
    this.#toTarget = new Flow(client, target, () => this.#rules.policy("to-target"));
    this.#toClient = new Flow(target, client, () => this.#rules.policy("to-client"));
    target.on("data", (bytes: Buffer) => this.#fromTarget(bytes));
    target.on("end", () => {
      if (!this.#swallowing) this.#toClient?.end();
    });
    target.on("connect", () => {
      this.#reached = true;
    });
    target.on("error", () => this.#targetGone(true));
    target.on("close", () => this.#targetGone(false));
  }

  faultsChanged(): void {
    if (this.#over) return;
    const resetting = this.#rules.find("reset");
    if (resetting && resetting.connections !== "new") {
      this.end("reset", "reset");
      return;
    }
    if (this.#rules.find("half-open")) {
      this.#swallowing = true;
      this.#cause = "half-open";
      this.#target?.destroy();
    }
    this.#losing = false;
    this.#seen = { "to-target": 0, "to-client": 0 };
    this.#toTarget?.pump();
    this.#toClient?.pump();
  }

  end(cause: string, how: "reset" | "end"): void {
    if (this.#over) return;
    this.#over = true;
    this.#cause ??= cause;
    this.#toTarget?.stop();
    this.#toClient?.stop();
    if (how === "reset") this.#client.resetAndDestroy();
    else this.#client.end(() => this.#client.destroy());
    this.#target?.destroy();
  }

  describe(): ProxyConnection {
    return {
      id: this.#id,
      openedAtMs: this.#openedAtMs,
      open: !this.#over,
      bytesToTarget: this.#toTarget?.bytes ?? 0,
      bytesToClient: this.#toClient?.bytes ?? 0,
      cause: this.#cause,
    };
  }

  #fromClient(bytes: Buffer): void {
    if (this.#swallowing || this.#rules.find("black-hole")) return;
    const losing = this.#rules.find("lose-reply");
    if (losing && !this.#losing && this.#asks(losing.request, bytes)) this.#losing = this.#rules.takeLoss();
    this.#pass("to-target", bytes, this.#toTarget);
  }

  #asks(request: string | undefined, bytes: Buffer): boolean {
    if (request === undefined) return true;
    const seen = Buffer.concat([this.#tail, bytes]);
    this.#tail = seen.subarray(Math.max(0, seen.length - Buffer.byteLength(request) + 1));
    return seen.includes(request);
  }

  #fromTarget(bytes: Buffer): void {
    if (this.#over || this.#rules.find("black-hole")) return;
    if (this.#losing) this.end("lose-reply", this.#rules.find("lose-reply")?.how ?? "reset");
    else this.#pass("to-client", bytes, this.#toClient);
  }

  #pass(way: Way, bytes: Buffer, flow: Flow | undefined): void {
    const cut = this.#rules.find("cut");
    const room = cut?.way === way ? cut.afterBytes - this.#seen[way] : Number.POSITIVE_INFINITY;
    this.#seen[way] += bytes.length;
    // What still fits leaves before the end; a RST may overtake it, as on a real line.
    flow?.push(bytes.subarray(0, Math.max(0, room)));
    if (bytes.length < room) return;
    if (cut?.how === "reset") setTimeout(() => this.end("cut", "reset"), 1);
    else this.end("cut", "end");
  }

  #clientEnded(): void {
    if (this.#swallowing) return;
    this.#cause ??= "client";
    this.#toTarget?.end();
  }

  #targetGone(failed: boolean): void {
    if (this.#over || this.#swallowing) return;
    this.#cause ??= this.#reached ? "target" : "unreachable";
    // A target that ended properly: its last bytes may still be on their way to the client.
    if (failed) this.end("target", "reset");
    else this.#toClient?.end();
  }
}
