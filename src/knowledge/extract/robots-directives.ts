/**
 * What a page or its `X-Robots-Tag` header asks of robots: only whole directives count ("max-image-preview:none" is not "none"),
 * in any case, and only those for every robot or for us.
 * Source: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag
 */

export type RobotsDirectives = { readonly noindex: boolean; readonly nofollow: boolean };

/** Directives that carry a value after a colon; any other word before a colon names a robot. */
const WITH_VALUE = new Set(["max-image-preview", "max-snippet", "max-video-preview", "unavailable_after"]);
const OWN_NAMES = ["gatehouse", "gatehousebot"];

/** `text`: directives between commas, those after "name:" for that robot alone. */
export function robotsDirectives(text: string): RobotsDirectives {
  let forUs = true;
  const asked = new Set<string>();
  for (const part of text.toLowerCase().split(/[,\n]/)) {
    const colon = part.indexOf(":");
    const name = colon < 0 ? "" : part.slice(0, colon).trim();
    const named = name !== "" && !WITH_VALUE.has(name);
    if (named) forUs = OWN_NAMES.includes(name);
    const directive = (named ? part.slice(colon + 1) : part).trim();
    if (forUs) for (const word of directive.split(/\s+/)) asked.add(word);
  }
  return { noindex: asked.has("noindex") || asked.has("none"), nofollow: asked.has("nofollow") || asked.has("none") };
}
