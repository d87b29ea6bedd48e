/** Why the team was not told: in the reader's words, with what came from outside beside them; unknown ones as they came. */
import { expect, test } from "bun:test";
import { reasonToldIn } from "../../web/live/reasons.ts";

const MISSING = "send-message: Missing Permissions (50013)";
const LOGIN = "Invalid login: 535 5.7.8 Authentication failed";

test.each([
  ["it answered 410", "it answered 410", "adres 410 durum koduyla yanıt verdi (it answered 410)"],
  ["nobody answers there", "nobody answers there", "orada kimse yanıt vermiyor (nobody answers there)"],
  [
    "the name is not a public one",
    "the name is not a public one",
    "adres herkese açık değil (the name is not a public one)",
  ],
  [
    "not taken: a@b.example, c@d.example",
    "not taken: a@b.example, c@d.example",
    "posta sunucusunun kabul etmediği adresler: a@b.example, c@d.example (not taken: a@b.example, c@d.example)",
  ],
  [MISSING, `the bot may not write in that channel (${MISSING})`, `botun o kanala yazma izni yok (${MISSING})`],
  [
    LOGIN,
    `the mail server refused the user name or password in SMTP_URL (${LOGIN})`,
    `posta sunucusu SMTP_URL'deki kullanıcı adını ya da parolayı kabul etmedi (${LOGIN})`,
  ],
  ["something nobody knows", "something nobody knows", "something nobody knows"],
])("%s", (reason, english, turkish) => {
  expect(reasonToldIn("en", reason)).toBe(english);
  expect(reasonToldIn("tr", reason)).toBe(turkish);
});
