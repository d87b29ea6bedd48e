/**
 * One SMTP connection, server side (RFC 5321, AUTH by RFC 4954): a state machine over lines, without
 * a socket of its own, so that the same session goes on after STARTTLS. What it says goes to `say`.
 */
import { type Parsed, parseMail } from "./mail.ts";

export type Stage = "connect" | "ehlo" | "auth" | "mail" | "rcpt" | "data" | "message";

/** At `at`, instead of the usual reply. `to`: only for that recipient. */
export interface SmtpFault {
  readonly at: Stage;
  /** `451 4.3.0 Try again later`, say. */
  readonly reply?: string;
  /** `lose-reply` (at "message") keeps the mail, then ends the connection without an answer. */
  readonly action?: "close" | "reset" | "stall" | "lose-reply";
  readonly to?: string;
}

export interface Mail extends Parsed {
  readonly atMs: number;
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent, dots unstuffed; one byte a character. */
  readonly raw: string;
  readonly bytes: number;
  readonly user: string | null;
  readonly tls: boolean;
  /** A line end without CR was in it: some servers refuse that. */
  readonly bareLf: boolean;
}

export interface SessionOptions {
  /** With it, AUTH is offered and asked for before MAIL. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly bytesMax: number;
  readonly startTls: boolean;
  readonly fault: (at: Stage, to?: string) => SmtpFault | undefined;
  readonly keep: (mail: Mail) => void;
  readonly say: (line: string) => void;
  readonly end: (how: "close" | "reset") => void;
  readonly upgrade: () => void;
}

const LINE_BYTES_MAX = 4096;
const RECIPIENTS_MAX = 100;
/** Of `\r\n.\r\n`. */
const END_BYTES = 5;

/** What a command says; undefined when it has said it itself, or says nothing. */
type Said = string | undefined;

export class Session {
  readonly #options: SessionOptions;
  #buffer = "";
  #greeted = false;
  #user: string | null = null;
  #tls = false;
  #from: string | undefined;
  #to: string[] = [];
  #over = false;
  /** Takes the next line instead of a command: AUTH's questions. */
  #answer: ((line: string) => Said) | undefined;
  /** The open mail: bytes already let go because it is too large, and how far its end was looked for. */
  #data: { dropped: number; searched: number } | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  open(): void {
    this.#say(this.#reply("connect", "220 stand-in ESMTP ready"));
  }

  /** After STARTTLS everything said before is forgotten (RFC 3207). */
  secured(): void {
    this.#tls = true;
    this.#greeted = false;
    this.#user = null;
    this.#buffer = "";
    this.#reset();
  }

  receive(bytes: Buffer): void {
    this.#buffer += bytes.toString("latin1");
    while (!this.#over) {
      const line = this.#data ? this.#takeMail(this.#data) : this.#takeLine();
      if (line === undefined) return;
      const mail = this.#data;
      const answer = this.#answer;
      this.#data = undefined;
      this.#answer = undefined;
      if (mail) this.#say(this.#finish(line, mail.dropped));
      else this.#say(answer ? answer(line) : this.#command(line));
    }
  }

  #takeLine(): string | undefined {
    const end = this.#buffer.indexOf("\r\n");
    if (end < 0 && this.#buffer.length > LINE_BYTES_MAX) {
      this.#say("500 5.5.6 Line too long");
      this.#end("close");
    }
    if (end < 0) return undefined;
    const line = this.#buffer.slice(0, end);
    this.#buffer = this.#buffer.slice(end + 2);
    return line;
  }

  /** The open mail, once its end is here. The buffer then begins with a line end of our own. */
  #takeMail(data: { dropped: number; searched: number }): string | undefined {
    const end = this.#buffer.indexOf("\r\n.\r\n", data.searched);
    if (end < 0) {
      if (data.dropped + this.#buffer.length > this.#options.bytesMax + END_BYTES) {
        data.dropped += this.#buffer.length - END_BYTES;
        this.#buffer = this.#buffer.slice(-END_BYTES);
      }
      data.searched = Math.max(0, this.#buffer.length - END_BYTES);
      return undefined;
    }
    const text = this.#buffer.slice(2, end + 2);
    this.#buffer = this.#buffer.slice(end + END_BYTES);
    return text;
  }

  #command(line: string): Said {
    const [, verb = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case "EHLO":
      case "HELO":
        return this.#hello(verb.toUpperCase(), rest);
      case "STARTTLS":
        return this.#startTls();
      case "AUTH":
        return this.#auth(rest);
      case "MAIL":
        return this.#mail(rest);
      case "RCPT":
        return this.#rcpt(rest);
      case "DATA":
        return this.#startData();
      case "RSET":
        this.#reset();
        return "250 2.0.0 Reset";
      case "NOOP":
        return "250 2.0.0 OK";
      case "VRFY":
        return "252 2.5.0 Cannot verify, will try";
      case "QUIT":
        this.#say("221 2.0.0 Bye");
        this.#end("close");
        return undefined;
      default:
        return "500 5.5.2 Command not recognised";
    }
  }

  #hello(verb: string, name: string): Said {
    if (name === "") return `501 5.5.4 ${verb} needs a name`;
    this.#greeted = true;
    this.#reset();
    if (verb === "HELO") return this.#reply("ehlo", "250 stand-in");
    const { login, bytesMax, startTls } = this.#options;
    const lines = [`stand-in greets ${name}`, `SIZE ${bytesMax}`, "8BITMIME", "SMTPUTF8", "PIPELINING"];
    if (startTls && !this.#tls) lines.push("STARTTLS");
    if (login) lines.push("AUTH PLAIN LOGIN");
    const last = lines.length - 1;
    return this.#reply("ehlo", lines.map((text, index) => `250${index === last ? " " : "-"}${text}`).join("\r\n"));
  }

  #startTls(): Said {
    if (!this.#options.startTls || this.#tls) return "502 5.5.1 STARTTLS is not offered";
    this.#say("220 2.0.0 Go ahead");
    this.#options.upgrade();
    return undefined;
  }

  #auth(rest: string): Said {
    const [, mechanism = "", initial = ""] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
    if (!this.#options.login) return "502 5.5.1 AUTH is not offered";
    if (!this.#greeted) return "503 5.5.1 EHLO first";
    if (this.#user !== null) return "503 5.5.1 Already authenticated";

    switch (mechanism.toUpperCase()) {
      case "PLAIN": {
        const check = (line: string) => {
          const [, user = "", password = ""] = fromBase64(line).split("\0");
          return this.#login(line, user, password);
        };
        return initial ? check(initial) : this.#ask("", check);
      }
      case "LOGIN": {
        const askPassword = (user: string): Said =>
          user === "*"
            ? this.#login(user, "", "")
            : this.#ask("Password:", (line) => this.#login(line, fromBase64(user), fromBase64(line)));
        return initial ? askPassword(initial) : this.#ask("Username:", askPassword);
      }
      default:
        return "504 5.5.4 Mechanism not supported";
    }
  }

  #ask(question: string, answer: (line: string) => Said): Said {
    this.#answer = answer;
    return `334 ${Buffer.from(question).toString("base64")}`;
  }

  #login(line: string, user: string, password: string): Said {
    const { login } = this.#options;
    if (line === "*") return "501 5.7.0 Authentication cancelled";
    const right = user === login?.user && password === login.password;
    const said = this.#reply("auth", right ? "235 2.7.0 Authenticated" : "535 5.7.8 Username or password wrong");
    if (right && said) this.#user = user;
    return said;
  }

  #mail(rest: string): Said {
    const [, from, parameters = ""] = /^FROM:\s*<([^>]*)>\s*(.*)$/i.exec(rest) ?? [];
    if (!this.#greeted) return "503 5.5.1 EHLO first";
    if (this.#options.login && this.#user === null) return "530 5.7.0 Authentication required";
    if (this.#from !== undefined) return "503 5.5.1 A mail is open already";
    if (from === undefined) return "501 5.5.4 MAIL FROM:<address> expected";
    const announced = Number(/\bSIZE=(\d+)/i.exec(parameters)?.[1] ?? 0);
    if (announced > this.#options.bytesMax) return "552 5.3.4 Message is too large";
    const said = this.#reply("mail", "250 2.1.0 OK");
    if (said) this.#from = from;
    return said;
  }

  #rcpt(rest: string): Said {
    const to = /^TO:\s*<([^>]+)>/i.exec(rest)?.[1];
    if (this.#from === undefined) return "503 5.5.1 MAIL first";
    if (to === undefined || !/^\S+@\S+$/.test(to)) return "501 5.1.3 RCPT TO:<address> expected";
    if (this.#to.length >= RECIPIENTS_MAX) return "452 4.5.3 Too many recipients";
    const said = this.#reply("rcpt", "250 2.1.5 OK", to);
    if (said) this.#to.push(to);
    return said;
  }

  #startData(): Said {
    if (this.#from === undefined) return "503 5.5.1 MAIL first";
    if (this.#to.length === 0) return "554 5.5.1 No valid recipients";
    const said = this.#reply("data", "354 End with <CR><LF>.<CR><LF>");
    if (said) {
      this.#data = { dropped: 0, searched: 0 };
      // A mail may be empty: its end is then the first line.
      this.#buffer = `\r\n${this.#buffer}`;
    }
    return said;
  }

  #finish(text: string, dropped: number): Said {
    const from = this.#from ?? "";
    const to = this.#to;
    this.#reset();
    const bytes = dropped + text.length;
    if (bytes > this.#options.bytesMax) return "552 5.3.4 Message is too large";
    const fault = this.#options.fault("message");
    if (fault && fault.action !== "lose-reply") {
      this.#apply(fault);
      return undefined;
    }
    const raw = text.replace(/(^|\r\n)\./g, "$1");
    const bareLf = /(^|[^\r])\n/.test(text);
    const envelope = { atMs: Date.now(), from, to, raw, bytes, user: this.#user, tls: this.#tls, bareLf };
    this.#options.keep({ ...parseMail(raw), ...envelope });
    if (!fault) return "250 2.0.0 Queued";
    this.#end("close");
    return undefined;
  }

  /** `usual`, unless a fault is due: that is then applied. */
  #reply(at: Stage, usual: string, to?: string): Said {
    const fault = this.#options.fault(at, to);
    if (!fault) return usual;
    this.#apply(fault);
    return undefined;
  }

  #apply({ reply, action }: SmtpFault): void {
    this.#say(reply);
    if (action === "stall") this.#over = true;
    else if (action === "reset") this.#end("reset");
    else if (action !== undefined || reply?.startsWith("421")) this.#end("close");
  }

  #say(said: Said): void {
    if (said !== undefined) this.#options.say(said);
  }

  #end(how: "close" | "reset"): void {
    this.#over = true;
    this.#options.end(how);
  }

  #reset(): void {
    this.#from = undefined;
    this.#to = [];
  }
}

function fromBase64(line: string): string {
  return Buffer.from(line, "base64").toString("utf8");
}
