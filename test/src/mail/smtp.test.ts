/** Letters over real sockets, to the simulator's mail server. */
import { afterEach, describe, expect, test } from "bun:test";
import { type SmtpOptions, startSmtp } from "../../../bench/simulator/smtp.ts";
import { createSmtp, type Letter } from "../../../src/mail.ts";
import { TLS_CERTIFICATE, TLS_KEY } from "../../support/tls.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const LETTER: Letter = {
  to: ["team@lumen.example"],
  subject: "Ada asks for a person",
  text: "Ada asks.\n.\nEnd.",
  html: "<p>Ada asks.</p>",
  id: "abc",
};
const FROM = "Gatehouse <bot@lumen.example>";

async function start(options: SmtpOptions = {}) {
  const sink = await startSmtp(options);
  closing.push(() => sink.stop());
  const mailer = (more: { tls?: "required" | "offered"; ca?: string; servername?: string } = {}) =>
    createSmtp({ url: sink.url, from: FROM, tls: "offered", ...more });
  return { sink, mailer };
}

describe("a letter by SMTP", () => {
  test("arrives whole, as text and as HTML, and the server's answer is told", async () => {
    const { sink, mailer } = await start();
    expect(await mailer().post(LETTER)).toMatchObject({ posted: "yes", answer: expect.stringMatching(/^250/) });
    const [mail] = sink.mails;
    expect(mail).toMatchObject({ from: "bot@lumen.example", to: ["team@lumen.example"], bareLf: false });
    expect(mail?.raw).toContain("multipart/alternative");
    expect(mail?.raw).toContain("Message-ID: <abc@gatehouse>");
  });

  test("goes over STARTTLS with a login, and not without TLS where it is demanded", async () => {
    const login = { user: "bot", password: "s3cret %@:" };
    const tls = { key: TLS_KEY, cert: TLS_CERTIFICATE };
    const { sink, mailer } = await start({ login, tls });
    const trusted = { ca: TLS_CERTIFICATE, servername: "other.example", tls: "required" } as const;
    expect(await mailer(trusted).post(LETTER)).toMatchObject({ posted: "yes" });
    expect(sink.mails[0]).toMatchObject({ tls: true, user: "bot" });
    expect(await mailer({ tls: "required" }).post(LETTER)).toMatchObject({ posted: "no" });
    const plain = await start({ login });
    expect(await plain.mailer({ tls: "required" }).post(LETTER)).toMatchObject({ posted: "no" });
    expect(plain.sink.mails).toEqual([]);
  });

  test("a refusal is told in the server's words, with whether another try may help", async () => {
    const { sink, mailer } = await start();
    sink.fail({ at: "rcpt", reply: "550 5.1.1 no such user" });
    expect(await mailer().post(LETTER)).toMatchObject({ posted: "no", again: false });
    sink.fail({ at: "message", reply: "451 4.3.0 try again later" });
    const later = await mailer().post(LETTER);
    expect(later).toMatchObject({ posted: "no", again: true, problem: expect.stringContaining("451 4.3.0") });
    sink.fail({ at: "connect", action: "close" });
    expect(await mailer().post(LETTER)).toMatchObject({ posted: "no", again: true });
  });

  test("a server that took it and was not heard is unknown", async () => {
    const { sink, mailer } = await start();
    sink.fail({ at: "message", action: "lose-reply" });
    expect(await mailer().post(LETTER)).toMatchObject({ posted: "unknown" });
    expect(sink.mails).toHaveLength(1);
  });

  test("no header begins in what somebody is called", async () => {
    const { sink, mailer } = await start();
    const subject = "Ada\r\nBcc: victim@lumen.example\u2028X-Evil: 1 asks";
    expect(await mailer().post({ ...LETTER, subject, id: "x>\r\nBcc: <b@b.example" })).toMatchObject({ posted: "yes" });
    const [mail] = sink.mails;
    expect(mail?.to).toEqual(["team@lumen.example"]);
    expect(mail?.raw.split("\r\n\r\n")[0]).not.toMatch(/^(?:bcc|x-evil):/im);
  });
});
