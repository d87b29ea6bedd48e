/** An HTTP "no" that a reader of the request throws: caught by the route, which renders it in the visitor's language. */

export type RefusalKind = "not-found" | "too-large" | "too-slow" | "bad-form" | "cross-site" | "busy" | "receiving";

export const REFUSAL_STATUS: Readonly<Record<RefusalKind, number>> = {
  "not-found": 404,
  "too-large": 413,
  "too-slow": 408,
  "bad-form": 400,
  "cross-site": 403,
  busy: 503,
  receiving: 429,
};

export class HttpRefusal extends Error {
  readonly kind: RefusalKind;
  constructor(kind: RefusalKind) {
    super(kind);
    this.name = "HttpRefusal";
    this.kind = kind;
  }
}
