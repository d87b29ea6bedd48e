/**
 * SMTP by nodemailer: one connection a letter, STARTTLS where it is offered (or demanded), a deadline on every step.
 *
 * A refusal carries the server's own line. A connection that breaks after the letter's text was sent leaves open whether the
 * server has it: that is `unknown`. Before that it is certain that it has not.
 */
import { Readable } from "node:stream";
import type SMTPTransport from "nodemailer/lib/smtp-transport/index.js";
import type { Letter, Mailer, Posted } from "../mail.ts";

const STEP_MS_MAX = 10_000;
const SUBJECT_CHARS_MAX = 150;

type Transports = Awaited<ReturnType<typeof loadTransports>>;

export function createSmtp(options: {
  readonly url: string;
  readonly from: string;
  /** "required": without TLS nothing is sent. */
  readonly tls: "required" | "offered";
  /** A certificate authority of one's own, as PEM. */
  readonly ca?: string;
  /** The name in the server's certificate, where the URL has an address. */
  readonly servername?: string;
}): Mailer {
  const url = new URL(options.url);
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const smtp = {
    host,
    port: url.port === "" ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: options.tls === "required",
    ...(url.username === ""
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    tls: {
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      ...(options.servername === undefined ? {} : { servername: options.servername }),
    },
    connectionTimeout: STEP_MS_MAX,
    greetingTimeout: STEP_MS_MAX,
    socketTimeout: STEP_MS_MAX,
    // Only our own text goes into a letter: no files, no URLs.
    disableFileAccess: true,
    disableUrlAccess: true,
  };

  /** Loaded with the first letter: most threads never send one. */
  let loaded: Promise<Transports> | null = null;

  return {
    from: options.from,
    async post(letter: Letter): Promise<Posted> {
      let handedOver = false;
      try {
        loaded ??= loadTransports(smtp);
        const { composer, transport } = await loaded;
        const { envelope, message } = await composer.sendMail({
          from: options.from,
          to: [...letter.to],
          subject: oneLine(letter.subject).slice(0, SUBJECT_CHARS_MAX),
          text: letter.text,
          html: letter.html,
          messageId: `<${oneLine(letter.id).replace(/[<>\s]/g, "")}@gatehouse>`,
          headers: { "Auto-Submitted": "auto-generated" },
        });
        // Once the last byte was read from it, the server may have the letter.
        const raw = Readable.from([message as Buffer]);
        raw.once("end", () => {
          handedOver = true;
        });
        const { response, rejected } = await transport.sendMail({ envelope, raw });
        return { posted: "yes", answer: response, refused: (rejected ?? []).map((to) => String(to)) };
      } catch (error) {
        return understand(error, handedOver);
      }
    },
  };
}

async function loadTransports(smtp: SMTPTransport.Options) {
  const { createTransport } = await import("nodemailer");
  return {
    composer: createTransport({ streamTransport: true, buffer: true, newline: "windows" }),
    transport: createTransport(smtp),
  };
}

/** No header begins in what a member is called. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ").trim();
}

function understand(error: unknown, handedOver: boolean): Posted {
  const { code, responseCode, response, message } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly response?: string;
    readonly message?: string;
  };
  const problem = (response ?? message ?? String(error)).slice(0, 300);
  if (responseCode !== undefined && responseCode >= 400) {
    return { posted: "no", problem, again: responseCode < 500 };
  }
  if (handedOver) return { posted: "unknown", problem };
  return { posted: "no", problem, again: code !== "EAUTH" && code !== "EENVELOPE" };
}
