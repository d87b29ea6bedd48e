/** What can be wrong with a request, in the words of openapi.ts. */
export type ViolationKind =
  | "unknown-path"
  | "unknown-method"
  | "unknown-query"
  | "missing-query"
  | "unknown-property"
  | "missing-property"
  | "missing-body"
  | "unexpected-body"
  | "wrong-type"
  | "not-in-enum"
  | "bad-format"
  | "out-of-range"
  | "too-long"
  | "too-short"
  | "too-many-items"
  | "too-few-items"
  | "duplicate-items"
  | "bad-header";

export interface Violation {
  readonly kind: ViolationKind;
  /** Where: `path/channel_id`, `query/limit`, `headers/x-audit-log-reason`, `body/components/0/type`. */
  readonly at: string;
  /** One sentence with what was found. */
  readonly message: string;
}
