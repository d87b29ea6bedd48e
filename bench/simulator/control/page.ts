/** The page for people who run the demo: the channels live, and a form to write as one of the members. */
const PAGE = Bun.file(new URL("./page.html", import.meta.url));

export function page(): Response {
  return new Response(PAGE, {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
    },
  });
}
