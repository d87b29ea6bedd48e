/**
 * Port: one letter to the team or an account. What the mail server said tells whether the letter is with it; where nobody can
 * tell, the outcome is "unknown" and the letter is never sent again by itself.
 * Implementation: mail/smtp.
 */
export { createSmtp } from "./mail/smtp.ts";

export type Letter = {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every try: a mailbox that gets it twice shows it once. */
  readonly id: string;
};

export type Posted =
  /** `answer`: the server's last line; `refused`: addresses that it did not take. */
  | { readonly posted: "yes"; readonly answer: string; readonly refused: readonly string[] }
  /** `again`: another try may help. */
  | { readonly posted: "no"; readonly problem: string; readonly again: boolean }
  | { readonly posted: "unknown"; readonly problem: string };

export type Mailer = {
  /** The sender's address, for the settings page. */
  readonly from: string;
  post(letter: Letter): Promise<Posted>;
};

const ADDRESS = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,190}$/;

export function isMailAddress(text: string): boolean {
  return ADDRESS.test(text);
}
