/** What can go wrong on a proxied connection: the vocabulary of fault-proxy.ts. */
export type ProxyFault =
  /** Each direction's delay; one that is left out is 0. */
  | { readonly kind: "latency"; readonly toTargetMs?: number; readonly toClientMs?: number }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number; readonly way?: Way }
  /** Accepts and swallows: nothing is passed on, nothing answered; the target is not connected to. */
  | { readonly kind: "black-hole" }
  /** New connections get ECONNREFUSED; open ones go on. */
  | { readonly kind: "refuse" }
  /** RST to open connections (once), to new ones (until cleared), or to both, the default. */
  | { readonly kind: "reset"; readonly connections?: "open" | "new" | "both" }
  /** The target's side of open connections vanishes; the client hears nothing of it. New ones pass. */
  | { readonly kind: "half-open" }
  /** Holds every byte both ways; they go on, in order, when it is cleared. */
  | { readonly kind: "freeze" }
  /** Ends a connection once it has passed this many bytes one way; the rest is lost. */
  | { readonly kind: "cut"; readonly afterBytes: number; readonly way: Way; readonly how?: "reset" | "end" }
  /**
   * Passes the request on, drops the reply, then closes. `request`: only the reply to bytes that
   * hold this text (`COMMIT`, say); earlier replies pass. `times`: for so many replies, then no more.
   */
  | { readonly kind: "lose-reply"; readonly request?: string; readonly times?: number; readonly how?: "reset" | "end" }
  /** Lets this many more connections in; later ones are accepted and closed at once. */
  | { readonly kind: "close-after"; readonly connections: number };

export type Way = "to-target" | "to-client";

export type FaultOf<K extends ProxyFault["kind"]> = Extract<ProxyFault, { kind: K }>;
