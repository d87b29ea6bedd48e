/**
 * An SMTP sink on 127.0.0.1: takes mails as a submission server would (EHLO, AUTH PLAIN and LOGIN,
 * MAIL, RCPT, DATA, size limit; STARTTLS when it is given a certificate), keeps them parsed, and
 * refuses, stalls or drops on demand. Protocol: smtp/session.ts, mails: smtp/mail.ts.
 */
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { type Mail, Session, type SmtpFault, type Stage } from "./smtp/session.ts";

export interface SmtpOptions {
  readonly port?: number;
  /** Given, AUTH is offered and required. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Default 10 MiB. */
  readonly bytesMax?: number;
  /** PEM texts; given, STARTTLS is offered. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface SmtpSink {
  readonly host: string;
  readonly port: number;
  /** `smtp://user:password@127.0.0.1:port` */
  readonly url: string;
  /** Accepted mails, oldest first; at most the last 1,000. */
  readonly mails: readonly Mail[];
  /** How many connections were accepted in all. */
  readonly connections: number;
  /** The fault for the next `times` occasions at its stage. */
  fail(fault: SmtpFault, times?: number): void;
  clear(): void;
  /** Settles with the mails when `count` in all have been kept. */
  arrived(count: number): Promise<readonly Mail[]>;
  stop(): Promise<void>;
}

const HOST = "127.0.0.1";
const MAILS_MAX = 1000;

export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpSink> {
  const sink = new Sink(options);
  await sink.listen(options.port ?? 0);
  return sink;
}

class Sink implements SmtpSink {
  readonly host = HOST;
  readonly mails: Mail[] = [];
  port = 0;
  connections = 0;
  readonly #options: SmtpOptions;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  #faults: { readonly fault: SmtpFault; left: number }[] = [];
  #kept = 0;
  #waiters: { readonly count: number; readonly arrived: () => void }[] = [];

  constructor(options: SmtpOptions) {
    this.#options = options;
  }

  get url(): string {
    const { login } = this.#options;
    const user = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@` : "";
    return `smtp://${user}${HOST}:${this.port}`;
  }

  fail(fault: SmtpFault, times = 1): void {
    this.#faults.push({ fault, left: times });
  }

  clear(): void {
    this.#faults = [];
  }

  arrived(count: number): Promise<readonly Mail[]> {
    if (this.#kept >= count) return Promise.resolve(this.mails);
    return new Promise((settle) => this.#waiters.push({ count, arrived: () => settle(this.mails) }));
  }

  listen(port: number): Promise<void> {
    return new Promise((listening, failed) => {
      this.#server.once("error", failed);
      this.#server.listen(port, HOST, () => {
        const address = this.#server.address();
        if (typeof address === "object" && address) this.port = address.port;
        listening();
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((stopped) => {
      this.#server.close(() => stopped());
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  #accept(plain: Socket): void {
    this.connections += 1;
    let socket: Socket = plain;
    const session = new Session({
      login: this.#options.login,
      bytesMax: this.#options.bytesMax ?? 10 * 1024 * 1024,
      startTls: this.#options.tls !== undefined,
      fault: (at, to) => this.#fault(at, to),
      keep: (mail) => this.#keep(mail),
      say: (line) => socket.write(`${line}\r\n`),
      end: (how) => (how === "reset" ? socket.resetAndDestroy() : socket.end()),
      upgrade: () => {
        plain.removeAllListeners("data");
        socket = new TLSSocket(plain, { isServer: true, ...this.#options.tls });
        session.secured();
        listen(socket, session);
      },
    });
    this.#sockets.add(plain);
    plain.on("close", () => this.#sockets.delete(plain));
    listen(plain, session);
    session.open();
  }

  #fault(at: Stage, to: string | undefined): SmtpFault | undefined {
    const due = this.#faults.find(
      ({ fault, left }) => left > 0 && fault.at === at && (fault.to === undefined || fault.to === to),
    );
    if (due) due.left -= 1;
    return due?.fault;
  }

  #keep(mail: Mail): void {
    this.mails.push(mail);
    if (this.mails.length > MAILS_MAX) this.mails.shift();
    this.#kept += 1;
    for (const waiter of this.#waiters.filter(({ count }) => count <= this.#kept)) waiter.arrived();
    this.#waiters = this.#waiters.filter(({ count }) => count > this.#kept);
  }
}

function listen(socket: Socket, session: Session): void {
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes: Buffer) => session.receive(bytes));
}
