/** What the bench asks of the feeder over IPC, and what it answers. */

export type Ask =
  | { readonly op: "prepare"; readonly token: string; readonly frames: number }
  | { readonly op: "flood"; readonly token: string; readonly on: boolean }
  | { readonly op: "rate"; readonly token: string; readonly perSecond: number }
  | { readonly op: "release"; readonly token: string }
  /** Uses of /ask, so many a second, until it is 0. */
  | { readonly op: "interact"; readonly token: string; readonly perSecond: number }
  | { readonly op: "look"; readonly token: string };

export type Answer = {
  readonly ask: number;
  readonly connected: boolean;
  readonly sent: number;
  readonly sentBytes: number;
  readonly left: number;
  readonly cpuMs: number;
  readonly atMs: number;
  readonly posts: number;
  /** Heartbeats heard from this connection. */
  readonly heartbeats: number;
  /** Interactions of all bots: how many were sent, and how late each was answered at first, in ms. */
  readonly interactions: number;
  readonly answeredMs: readonly number[];
};

/** The bot whose token this is: `<anything>.<application id>`. */
export function tokenOf(name: string, application: string): string {
  return `${Buffer.from(application).toString("base64url")}.bench.${name.replace(/[^\w-]/g, "_")}-0123456789`;
}

/** The application of such a token, also behind `Bot `; "1" where there is none. */
export function applicationOf(token: string): string {
  const [, id = ""] = /^(?:Bot )?([\w-]+)\.[\w-]+\.[\w-]+$/.exec(token) ?? [];
  const application = Buffer.from(id, "base64url").toString();
  return /^\d+$/.test(application) ? application : "1";
}
