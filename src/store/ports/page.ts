/** Newest first, where nothing else is said; `before` is the `cursor` of the page before. */
export type ListPage<T> = { readonly items: readonly T[]; readonly cursor: string | null };
