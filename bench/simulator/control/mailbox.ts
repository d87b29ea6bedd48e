/** The simulated mailbox as a page: what the mail server took, newest first, as the plain text that it holds. */
import type { Mail } from "../smtp/session.ts";

export function mailbox(mails: readonly Mail[]): Response {
  const items = mails
    .toReversed()
    .map(
      (mail) =>
        `<article><h2>${escaped(mail.subject)}</h2><p>${escaped(mail.from)} → ${escaped(mail.to.join(", "))} · <time>${new Date(mail.atMs).toISOString()}</time></p><pre>${escaped(mail.text)}</pre></article>`,
    );
  const body = items.length === 0 ? "<p>No mail yet. A member who asks for a person brings one.</p>" : items.join("\n");
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>Mailbox</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}article{border:1px solid #8886;border-radius:8px;padding:0 1rem;margin:1rem 0}h2{font-size:1.05rem}pre{white-space:pre-wrap;font:inherit}</style></head>
<body><h1>Mailbox of the simulated team</h1>${body}</body></html>`;
  return new Response(page, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
