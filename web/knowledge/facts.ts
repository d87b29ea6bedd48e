/** The knowledge page's facts. */
import type { SourceRow } from "../../src/store/ports/knowledge.ts";

export type KnowledgeProblem =
  | "no-files"
  | "too-many-files"
  | "running"
  | "gone"
  | "too-many-imports"
  | "full"
  | "url"
  | "website"
  | "pairs"
  | "text";

export type KnowledgeFacts = {
  readonly sources: readonly SourceRow[];
  /** Passages whose meaning is kept, where an embedding endpoint is configured. */
  readonly meant: { readonly model: string; readonly passages: number } | null;
  readonly started: boolean;
  readonly problem: KnowledgeProblem | null;
  readonly typed: Typed;
};

/** A refused form's input by field names; files cannot be given back. */
export type Typed = Partial<Readonly<Record<"name" | "base" | "start" | "pages" | "depth" | "every", string>>>;
