/** Roles or channels to choose from, by name: boxes to tick. */
import { attributes, type Html, html } from "../html.ts";
import type { Visit } from "../visit.ts";
import { commonWords } from "./words.ts";

type Choice = {
  readonly name: string;
  readonly label: string;
  readonly known: readonly { readonly id: string; readonly name: string }[];
  readonly sign: "@" | "#";
};

/** A kept id without a name stays, shown as an id. Where Discord does not tell names, ids are typed. */
export function picked(visit: Visit, { name, label, known, sign }: Choice, chosen: readonly string[]): Html {
  const words = commonWords[visit.language].picked;
  const on = new Set(chosen.filter((id) => id !== ""));
  if (known.length === 0)
    return html`<label class="label">${label}<input name="${name}" maxlength="5000" value="${[...on].join(" ")}" /><small>${words.ids}</small></label>`;
  const gone = [...on].filter((id) => !known.some((one) => one.id === id)).map((id) => ({ id, name: id }));
  return html`<details class="picked"${attributes({ open: on.size > 0 })}><summary>${label}: ${on.size === 0 ? words.none : on.size}</summary>
    <div class="picks">${[...known, ...gone].map(
      (one) =>
        html`<label class="check"><input type="checkbox" name="${name}" value="${one.id}"${attributes({ checked: on.has(one.id) })} /> <span dir="auto">${sign}${one.name}</span></label>`,
    )}</div></details>`;
}
