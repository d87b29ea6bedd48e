/** The SMTP sink, spoken to by raw sockets: what it accepts, keeps, refuses and breaks. */
import { afterEach, describe, expect, test } from "bun:test";
import { generateKeyPairSync, sign } from "node:crypto";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type SmtpOptions, type SmtpSink, startSmtp } from "../../../bench/simulator/smtp.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

class Client {
  read = "";
  closed = false;
  error = "";
  readonly socket: Socket;

  constructor(sink: SmtpSink) {
    this.socket = connect({ host: sink.host, port: sink.port });
    this.socket.on("data", (bytes) => {
      this.read += bytes.toString("latin1");
    });
    this.socket.on("error", (error: NodeJS.ErrnoException) => {
      this.error = error.code ?? error.message;
    });
    this.socket.on("close", () => {
      this.closed = true;
    });
    closing.push(() => this.socket.destroy());
  }

  /** The next complete reply: its last line has a space after the code. */
  async reply(): Promise<string> {
    const complete = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3} [^\r\n]*\r\n/;
    await until(() => complete.test(this.read), `a reply, there is ${JSON.stringify(this.read)}`);
    const [reply = ""] = complete.exec(this.read) ?? [];
    this.read = this.read.slice(reply.length);
    return reply.trimEnd();
  }

  async says(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`);
    return await this.reply();
  }
}

async function start(options?: SmtpOptions): Promise<{ sink: SmtpSink; dial: () => Promise<Client> }> {
  const sink = await startSmtp(options);
  closing.push(() => sink.stop());
  const dial = async () => {
    const client = new Client(sink);
    expect(await client.reply()).toStartWith("220 ");
    return client;
  };
  return { sink, dial };
}

/** Up to the 354 of DATA. */
async function opened(client: Client, to = "team@example.com"): Promise<void> {
  expect(await client.says("EHLO test")).toContain("250 ");
  expect(await client.says("MAIL FROM:<bot@example.com>")).toStartWith("250");
  expect(await client.says(`RCPT TO:<${to}>`)).toStartWith("250");
  expect(await client.says("DATA")).toStartWith("354");
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("a mail is kept with its envelope, headers and text, dots unstuffed", async () => {
  const { sink, dial } = await start();
  const client = await dial();
  await opened(client);
  const lines = [
    "From: Gatehouse <bot@example.com>",
    "To: team@example.com",
    "Subject: A member asks for a person:",
    " #help",
    "",
    "Hello,",
    "..and a line with a dot",
    ".",
  ];
  expect(await client.says(lines.join("\r\n"))).toStartWith("250");
  expect(await client.says("QUIT")).toStartWith("221");
  await until(() => client.closed, "the connection to close");
  const [mail] = await sink.arrived(1);
  expect(mail).toMatchObject({
    from: "bot@example.com",
    to: ["team@example.com"],
    subject: "A member asks for a person: #help",
    text: "Hello,\n.and a line with a dot",
    user: null,
    tls: false,
    bareLf: false,
  });
  expect(mail?.headers.from).toBe("Gatehouse <bot@example.com>");
});

test("a mail in many packets, its end split in the middle, is one mail; the next follows on the same line", async () => {
  const { sink, dial } = await start();
  const client = await dial();
  await opened(client);
  for (const piece of ["Subject: a\r", "\n\r\nbo", "dy\r\n", ".", "\r", "\n"]) {
    client.socket.write(piece);
    await Bun.sleep(2);
  }
  expect(await client.reply()).toStartWith("250");
  client.socket.write("MAIL FROM:<>\r\nRCPT TO:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n");
  for (let i = 0; i < 4; i += 1) await client.reply();
  expect(await client.says(".")).toStartWith("250");
  const mails = await sink.arrived(2);
  expect(mails.map(({ from, to, text }) => [from, to, text])).toEqual([
    ["bot@example.com", ["team@example.com"], "body"],
    ["", ["a@example.com", "b@example.com"], ""],
  ]);
});

test("encoded subjects, quoted-printable, base64 and alternatives are decoded", async () => {
  const { sink, dial } = await start();
  const client = await dial();
  await opened(client);
  const lines = [
    "Subject: =?utf-8?B?xZ5pbWRp?= =?utf-8?Q?_yard=C4=B1m?=",
    'Content-Type: multipart/alternative; boundary="b1"',
    "",
    "--b1",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: quoted-printable",
    "",
    "Bir =C3=BCye yard=C4=B1m istiyor, uzun bir sat=",
    "=C4=B1r.",
    "--b1",
    "Content-Type: text/html; charset=utf-8",
    "Content-Transfer-Encoding: base64",
    "",
    base64("<p>Bir üye</p>"),
    "--b1--",
    ".",
  ];
  expect(await client.says(lines.join("\r\n"))).toStartWith("250");
  const [mail] = await sink.arrived(1);
  expect(mail?.subject).toBe("Şimdi yardım");
  expect(mail?.text).toBe("Bir üye yardım istiyor, uzun bir satır.");
  expect(mail?.html).toBe("<p>Bir üye</p>");
});

describe("AUTH", () => {
  const login = { user: "bot", password: "pass:wörd" };

  test("is offered and asked for when there is a login, and the url carries it", async () => {
    const { sink, dial } = await start({ login });
    expect(sink.url).toBe(`smtp://bot:pass%3Aw%C3%B6rd@127.0.0.1:${sink.port}`);
    const client = await dial();
    expect(await client.says("EHLO test")).toContain("AUTH PLAIN LOGIN");
    expect(await client.says("MAIL FROM:<bot@example.com>")).toStartWith("530");
    expect(await client.says(`AUTH PLAIN ${base64("\0bot\0wrong")}`)).toStartWith("535");
    expect(await client.says(`AUTH PLAIN ${base64("\0bot\0pass:wörd")}`)).toStartWith("235");
    expect(await client.says("MAIL FROM:<bot@example.com>")).toStartWith("250");
  });

  test("PLAIN in two steps and LOGIN work, and can be cancelled", async () => {
    const { dial } = await start({ login });
    const plain = await dial();
    await plain.says("EHLO test");
    expect(await plain.says("AUTH PLAIN")).toBe("334");
    expect(await plain.says(base64("\0bot\0pass:wörd"))).toStartWith("235");
    const other = await dial();
    await other.says("EHLO test");
    expect(await other.says("AUTH LOGIN")).toBe(`334 ${base64("Username:")}`);
    expect(await other.says("*")).toStartWith("501");
    expect(await other.says("AUTH LOGIN")).toStartWith("334");
    expect(await other.says(base64("bot"))).toBe(`334 ${base64("Password:")}`);
    expect(await other.says(base64("pass:wörd"))).toStartWith("235");
    expect(await other.says("AUTH XOAUTH2 abc")).toStartWith("503");
  });

  test("and STARTTLS are not offered by default", async () => {
    const { dial } = await start();
    const client = await dial();
    const hello = await client.says("EHLO test");
    expect(hello).not.toContain("AUTH");
    expect(hello).not.toContain("STARTTLS");
    expect(await client.says("STARTTLS")).toStartWith("502");
    expect(await client.says("AUTH PLAIN")).toStartWith("502");
  });
});

test("with a certificate STARTTLS is offered, and what was said before is forgotten", async () => {
  const { sink, dial } = await start({ tls: selfSigned() });
  const client = await dial();
  expect(await client.says("EHLO test")).toContain("STARTTLS");
  expect(await client.says("STARTTLS")).toStartWith("220");
  client.socket.removeAllListeners("data");
  const secure = connectTls({ socket: client.socket, rejectUnauthorized: false });
  secure.on("data", (bytes) => {
    client.read += bytes.toString("latin1");
  });
  const says = async (line: string) => {
    secure.write(`${line}\r\n`);
    return await client.reply();
  };
  expect(await says("MAIL FROM:<a@example.com>")).toStartWith("503");
  expect(await says("EHLO test")).not.toContain("STARTTLS");
  expect(await says("MAIL FROM:<a@example.com>")).toStartWith("250");
  expect(await says("RCPT TO:<b@example.com>")).toStartWith("250");
  expect(await says("DATA")).toStartWith("354");
  expect(await says("secret\r\n.")).toStartWith("250");
  expect(sink.mails[0]?.tls).toBe(true);
});

describe("what it refuses", () => {
  test.each([
    ["MAIL FROM:<a@example.com>", "503"],
    ["EHLO", "501"],
    ["FETCH / HTTP/1.1", "500"],
    ["RCPT TO:<a@example.com>", "503"],
    ["DATA", "503"],
    ["VRFY team", "252"],
    ["NOOP", "250"],
  ])("%s at the beginning is %s", async (line, code) => {
    const { dial } = await start();
    expect(await (await dial()).says(line)).toStartWith(code);
  });

  test("bad addresses and a mail without recipients", async () => {
    const { dial } = await start();
    const client = await dial();
    await client.says("EHLO test");
    expect(await client.says("MAIL FROM: a@example.com")).toStartWith("501");
    expect(await client.says("MAIL FROM:<a@example.com>")).toStartWith("250");
    expect(await client.says("MAIL FROM:<a@example.com>")).toStartWith("503");
    expect(await client.says("RCPT TO:<nobody>")).toStartWith("501");
    expect(await client.says("DATA")).toStartWith("554");
    expect(await client.says("RSET")).toStartWith("250");
    expect(await client.says("RCPT TO:<a@example.com>")).toStartWith("503");
  });

  test("a mail over the size limit, announced or not; the connection goes on", async () => {
    const { sink, dial } = await start({ bytesMax: 1000 });
    const client = await dial();
    expect(await client.says("EHLO test")).toContain("SIZE 1000");
    expect(await client.says("MAIL FROM:<a@example.com> SIZE=1001")).toStartWith("552");
    await opened(client);
    for (let i = 0; i < 50; i += 1) client.socket.write(`${"x".repeat(98)}\r\n`);
    expect(await client.says(".")).toStartWith("552");
    await opened(client);
    expect(await client.says(`${"y".repeat(996)}\r\n.`)).toStartWith("250");
    expect(sink.mails.map(({ bytes }) => bytes)).toEqual([998]);
  });

  test("a command line without end", async () => {
    const { dial } = await start();
    const client = await dial();
    client.socket.write("x".repeat(5000));
    expect(await client.reply()).toStartWith("500");
    await until(() => client.closed, "the connection to close");
  });

  test("a bare line feed is kept, and told of", async () => {
    const { sink, dial } = await start();
    const client = await dial();
    await opened(client);
    expect(await client.says("Subject: x\r\n\r\none\ntwo\r\n.")).toStartWith("250");
    expect(sink.mails[0]?.bareLf).toBe(true);
  });
});

describe("faults", () => {
  test("4xx and 5xx at every stage, once, then all is well again", async () => {
    const { sink, dial } = await start({ login: { user: "u", password: "p" } });
    sink.fail({ at: "ehlo", reply: "451 4.3.0 Later" });
    sink.fail({ at: "auth", reply: "454 4.7.0 Temporary failure" });
    sink.fail({ at: "mail", reply: "450 4.2.0 Greylisted" });
    sink.fail({ at: "rcpt", reply: "550 5.1.1 No such user", to: "gone@example.com" });
    sink.fail({ at: "data", reply: "451 4.3.0 Later" });
    sink.fail({ at: "message", reply: "554 5.7.1 Looks like spam" });
    const client = await dial();
    const secret = `AUTH PLAIN ${base64("\0u\0p")}`;
    expect(await client.says("EHLO test")).toStartWith("451");
    expect(await client.says("EHLO test")).toStartWith("250");
    expect(await client.says(secret)).toStartWith("454");
    expect(await client.says(secret)).toStartWith("235");
    expect(await client.says("MAIL FROM:<a@example.com>")).toStartWith("450");
    expect(await client.says("MAIL FROM:<a@example.com>")).toStartWith("250");
    expect(await client.says("RCPT TO:<gone@example.com>")).toStartWith("550");
    expect(await client.says("RCPT TO:<team@example.com>")).toStartWith("250");
    expect(await client.says("DATA")).toStartWith("451");
    expect(await client.says("DATA")).toStartWith("354");
    expect(await client.says("one\r\n.")).toStartWith("554");
    expect(sink.mails).toEqual([]);
    await opened(client);
    expect(await client.says("two\r\n.")).toStartWith("250");
    expect(sink.mails.length).toBe(1);
  });

  test("421 at the door closes, a reset resets, a stall says nothing more", async () => {
    const { sink, dial } = await start();
    sink.fail({ at: "connect", reply: "421 4.3.2 Too busy" });
    const busy = new Client(sink);
    expect(await busy.reply()).toStartWith("421");
    await until(() => busy.closed, "the connection to close");
    sink.fail({ at: "mail", action: "reset" });
    const reset = await dial();
    await reset.says("EHLO test");
    reset.socket.write("MAIL FROM:<a@example.com>\r\n");
    await until(() => reset.error === "ECONNRESET", "a reset");
    sink.fail({ at: "ehlo", action: "stall" }, 5);
    const stalled = await dial();
    stalled.socket.write("EHLO test\r\nNOOP\r\n");
    await Bun.sleep(40);
    expect([stalled.read, stalled.closed]).toEqual(["", false]);
    sink.clear();
    expect(await (await dial()).says("EHLO test")).toStartWith("250");
  });

  test("a lost reply keeps the mail and says nothing", async () => {
    const { sink, dial } = await start();
    sink.fail({ at: "message", action: "lose-reply" });
    const client = await dial();
    await opened(client);
    client.socket.write("Subject: once\r\n\r\n.\r\n");
    await until(() => client.closed, "the connection to close");
    expect(client.read).toBe("");
    expect((await sink.arrived(1)).map(({ subject }) => subject)).toEqual(["once"]);
  });
});

/** A certificate for this run only (X.509 in DER by hand), so that no key is kept in the project. */
function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = (tag: number, ...parts: readonly Uint8Array[]) => {
    const body = Buffer.concat(parts);
    const long = body.length < 128 ? [] : body.length < 256 ? [0x81] : [0x82, body.length >> 8];
    return Buffer.concat([Uint8Array.from([tag, ...long, body.length & 0xff]), body]);
  };
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
  const ecdsaWithSha256 = der(0x30, der(0x06, bytes("2a8648ce3d040302")));
  const name = der(0x30, der(0x31, der(0x30, der(0x06, bytes("550403")), der(0x0c, Buffer.from("localhost")))));
  const validity = der(0x30, der(0x17, Buffer.from("200101000000Z")), der(0x17, Buffer.from("491231235959Z")));
  const spki = publicKey.export({ type: "spki", format: "der" });
  const version = der(0xa0, der(0x02, bytes("02")));
  const body = der(0x30, version, der(0x02, bytes("01")), ecdsaWithSha256, name, validity, name, spki);
  const signature = sign("sha256", body, privateKey);
  const cert = der(0x30, body, ecdsaWithSha256, der(0x03, bytes("00"), signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.toString("base64")}\n-----END CERTIFICATE-----\n`,
  };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 4000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited 4 s for ${what}`);
    await Bun.sleep(3);
  }
}
