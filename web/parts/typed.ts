/** A form's fields as they are shown: refused input, so that nothing of it is lost; otherwise the kept values. */

export type FormFields = {
  text(name: string, kept: string): string;
  /** A box that is not ticked is not sent. */
  isOn(name: string, kept: boolean): boolean;
  /** Of a field that is sent once for each choice, or with several in one, by blanks or commas. */
  all(name: string, kept: readonly string[]): readonly string[];
};

/** Null: nothing was typed yet. */
export function typedFields(typed: FormData | null): FormFields {
  return {
    text: (name, kept) => {
      const value = typed?.get(name);
      return typeof value === "string" ? value : kept;
    },
    isOn: (name, kept) => (typed === null ? kept : typed.has(name)),
    all: (name, kept) => (typed === null ? kept : typed.getAll(name).flatMap((one) => String(one).split(/[\s,]+/))),
  };
}

/** People write `docs.example.com`; an address with a scheme, even a wrong one, is left as it is. */
export function withScheme(start: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N}.-]{0,250}\.\p{L}[\p{L}\p{N}-]{1,62}(?::\d{1,5})?(?:[/?#]|$)/u.test(start)
    ? `https://${start}`
    : start;
}
