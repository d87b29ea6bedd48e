/** What the knowledge page shows. */
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
  readonly started: boolean;
  readonly problem: KnowledgeProblem | null;
  readonly typed: Typed;
};

/** What a refused form held, by its fields' names; files cannot be given back. */
export type Typed = Partial<Readonly<Record<"name" | "base" | "start" | "pages" | "depth" | "every", string>>>;
