/**
 * A parsed page → the same page without what nobody reads: scripts, controls, navigation, text that its style hides. What a click
 * would show stays: other tabs, closed answers, the questions in buttons. Changes the document in place; called by html.ts.
 */
import { isHidden } from "./markup.ts";

const NOISE =
  "script,style,noscript,template,iframe,object,embed,svg,canvas,video,audio,input,select,textarea,datalist,nav,dialog,[role=dialog],[role=alertdialog],[role=navigation],[role=search],[role=banner],[role=contentinfo]";

/** Elements that stand in a line of text: with `aria-hidden` they are ornaments, while a block is a panel that opens. */
const INLINE = new Set("a abbr b code em font i img kbd label mark s small span strong sub sup u".split(" "));

/** One of these alone with `hidden` is a message for later ("Saved!"); a closed answer is a box of its own. */
const PARAGRAPH = new Set([...INLINE, ..."h1 h2 h3 h4 h5 h6 p li dt".split(" ")]);

/** A form that holds one of these is wrapped around a page; one that holds none is only a form. */
const PROSE = "h1,h2,h3,h4,h5,h6,p,article,main,section,table,pre,ul,ol,dl,blockquote";

/** The words that widgets which open and close use in class names. */
const WIDGET =
  /accordion|answer|collaps|disclosure|expand|faq|panel|question|spoiler|tab-?(?:content|item|pane)|toggle/i;

export function removeNoise(document: Document): void {
  for (const node of document.querySelectorAll(NOISE)) node.remove();
  const controlled = controlledIds(document);
  for (const node of document.querySelectorAll("[style]")) if (isStyledAway(node, controlled)) node.remove();
  for (const node of document.querySelectorAll("[aria-hidden=true]")) {
    if (INLINE.has(node.localName) || node.textContent?.trim() === "") node.remove();
    else node.removeAttribute("aria-hidden");
  }
  for (const node of document.querySelectorAll("[hidden]")) {
    if (PARAGRAPH.has(node.localName) && !opens(node, controlled, "hidden")) node.remove();
    else node.removeAttribute("hidden");
  }
  for (const form of document.querySelectorAll("form")) keepProse(form);
  for (const button of document.querySelectorAll("button,[role=button]")) keepQuestion(document, button);
  for (const summary of document.querySelectorAll("summary,dt")) markQuestion(document, summary);
}

/** The ids of the elements that a control of the page opens. */
function controlledIds(document: Document): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const control of document.querySelectorAll("[aria-controls],[data-target],[data-bs-target],[role=tab][href]")) {
    for (const name of ["aria-controls", "data-target", "data-bs-target", "href"]) {
      for (const id of (control.getAttribute(name) ?? "").split(/\s/)) if (id !== "") ids.add(id.replace(/^#/, ""));
    }
  }
  return ids;
}

/** True for text that a person cannot see; a panel that opens by a click is closed, not hidden. */
function isStyledAway(node: Element, controlled: ReadonlySet<string>): boolean {
  const style = node.getAttribute("style") ?? "";
  const plain = style.toLowerCase().replace(/\s/g, "");
  const folded = /(?:^|;)(?:max-)?(?:height|width):0(?:px)?(?:;|$)/.test(plain) && plain.includes("overflow:hidden");
  const closed = folded || /(?:^|;)display:none/.test(plain);
  return closed ? !opens(node, controlled) : isHidden(style);
}

/** `except`: an attribute that is known already and proves nothing. */
function opens(node: Element, controlled: ReadonlySet<string>, except?: "hidden"): boolean {
  const name = `${node.getAttribute("class") ?? ""} ${node.id}`;
  return (
    node.hasAttribute("aria-hidden") ||
    (except !== "hidden" && node.hasAttribute("hidden")) ||
    node.hasAttribute("aria-labelledby") ||
    ["tabpanel", "region"].includes(node.getAttribute("role") ?? "") ||
    controlled.has(node.id) ||
    WIDGET.test(name) ||
    (node.parentElement !== null && WIDGET.test(node.parentElement.getAttribute("class") ?? ""))
  );
}

function keepProse(form: Element): void {
  if (form.querySelector(PROSE) === null) {
    form.remove();
    return;
  }
  for (const control of form.querySelectorAll("label,legend,option,output")) control.remove();
  form.replaceWith(...form.childNodes);
}

/** A button that opens an answer holds the question; any other one ("Copy", "Share") says nothing. */
function keepQuestion(document: Document, button: Element): void {
  const text = textOf(button);
  const name = `${button.getAttribute("class") ?? ""} ${button.parentElement?.getAttribute("class") ?? ""}`;
  const opensSomething =
    button.hasAttribute("aria-expanded") ||
    button.hasAttribute("aria-controls") ||
    /collapse|accordion/i.test(`${button.getAttribute("data-toggle")} ${button.getAttribute("data-bs-toggle")}`) ||
    WIDGET.test(name) ||
    /[?？؟]$/.test(text);
  const inHeading = button.closest("h1,h2,h3,h4,h5,h6,summary,dt") !== null;
  if (text === "" || (!opensSomething && !inHeading)) button.remove();
  else if (inHeading) button.replaceWith(document.createTextNode(text));
  else button.replaceWith(headingOf(document, text));
}

/** The summary of a closed answer or the term of a definition: a question becomes a heading, a term becomes bold. */
function markQuestion(document: Document, node: Element): void {
  const text = textOf(node);
  if (text === "") node.remove();
  else if (node.querySelector("h1,h2,h3,h4,h5,h6") !== null) node.replaceWith(...node.childNodes);
  else if (node.closest("li,td,th") === null && (node.localName === "summary" || /[?？؟]$/.test(text))) {
    node.replaceWith(headingOf(document, text));
  } else {
    const paragraph = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = text;
    paragraph.append(strong);
    node.replaceWith(paragraph);
  }
}

function headingOf(document: Document, text: string): Element {
  const heading = document.createElement("h4");
  heading.textContent = text;
  return heading;
}

function textOf(node: Element): string {
  return (node.textContent ?? "").replace(/\s+/g, " ").trim();
}
