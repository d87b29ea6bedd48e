/** A page of the dashboard as pages.ts lists it. Each folder's `page.ts` holds one. */
import type { Guard, Route } from "./guard.ts";
import type { Kit } from "./kit.ts";
import type { IconName } from "./shell/icons.ts";
import type { InEveryLanguage } from "./words.ts";

export type Page = {
  /** The folder's name. `page(visit, { section })` marks the navigation's entry of this name as the current one. */
  readonly section: string;
  /** The navigation's entry; null for a page that is reached in another way. `path` is one of the page's routes and has the same guard. */
  readonly entry: { readonly path: string; readonly icon: IconName; readonly guard: Guard } | null;
  /** `section` is the entry's label. */
  readonly words: InEveryLanguage<{ readonly section: string }>;
  readonly routes: (kit: Kit) => readonly Route[];
};
