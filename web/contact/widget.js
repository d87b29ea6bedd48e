/*
 * Gatehouse web chat: one script tag, no dependencies, all of it in a shadow root. It keeps a random id and the talk's name in
 * localStorage, so that a reload goes on where it was; while it is open it looks for an agent's words.
 */
(() => {
  const tag = document.currentScript;
  const key = tag?.dataset.key;
  if (!key || window.gatehouseWidget) return;
  window.gatehouseWidget = true;
  const base = new URL(tag.src).origin;
  const language = (tag.dataset.language || document.documentElement.lang || navigator.language || "en").slice(0, 2);
  const TEXTS = {
    en: {
      open: "Ask us",
      close: "Close",
      title: "How can we help?",
      hint: "Your question",
      send: "Send",
      human: "Talk to a person",
      humanAsk: "I would like to talk to a person, please.",
      sources: "Sources",
      held: "Somebody from the team is with you.",
      failed: "It did not work just now. Please try again.",
      wait: "One moment…",
      you: "You",
      log: "Conversation",
    },
    tr: {
      open: "Bize sor",
      close: "Kapat",
      title: "Nasıl yardımcı olabiliriz?",
      hint: "Sorun",
      send: "Gönder",
      human: "Bir insanla görüş",
      humanAsk: "Bir insanla görüşmek istiyorum, lütfen.",
      sources: "Kaynaklar",
      held: "Ekipten biri seninle ilgileniyor.",
      failed: "Şu anda olmadı. Lütfen yeniden dene.",
      wait: "Bir saniye…",
      you: "Sen",
      log: "Konuşma",
    },
  };
  const say = TEXTS[language] || TEXTS.en;
  const STYLE = `
    :host { all: initial; color-scheme: light dark; }
    * { box-sizing: border-box; font: 15px/1.5 system-ui, sans-serif; }
    .button, .panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; }
    button { cursor: pointer; border: 0; border-radius: 10px; padding: 8px 14px; background: #176452; color: #fff; font-weight: 600; }
    button:focus-visible, textarea:focus-visible, a:focus-visible { outline: 3px solid #63cdae; outline-offset: 2px; }
    .button { border-radius: 999px; padding: 12px 20px; box-shadow: 0 6px 20px rgb(0 0 0 / .2); }
    .quiet { background: none; color: inherit; text-decoration: underline; padding: 6px; font-weight: 400; }
    .panel { display: flex; flex-direction: column; width: min(380px, calc(100vw - 24px)); height: min(560px, calc(100vh - 40px));
      border-radius: 14px; overflow: hidden; background: light-dark(#fffefb, #1a1f1e); color: light-dark(#1b211f, #e9edea);
      border: 1px solid light-dark(#dfddd4, #2c3432); box-shadow: 0 10px 40px rgb(0 0 0 / .25); }
    .panel[hidden], .button[hidden] { display: none; }
    header { display: flex; justify-content: space-between; align-items: center; padding: 12px 14px; border-bottom: 1px solid light-dark(#dfddd4, #2c3432); }
    h2 { margin: 0; font-weight: 650; }
    .log { flex: 1; overflow-y: auto; padding: 12px 14px; display: grid; gap: 10px; align-content: start; }
    .turn { padding: 8px 12px; border-radius: 12px; background: light-dark(#ecebe5, #262d2b); white-space: pre-wrap; overflow-wrap: anywhere; max-width: 90%; }
    .member { justify-self: end; background: light-dark(#e3f0ea, #1a2f29); }
    .agent { border-left: 3px solid #176452; }
    .turn small { display: block; opacity: .75; font-size: 12px; }
    .turn ul { margin: 6px 0 0; padding-left: 18px; }
    .turn a { color: light-dark(#176452, #63cdae); font-size: 13px; }
    form { display: flex; gap: 8px; padding: 10px 14px 6px; border-top: 1px solid light-dark(#dfddd4, #2c3432); }
    textarea { flex: 1; resize: none; border: 1px solid light-dark(#c5c2b6, #44504d); border-radius: 10px; padding: 8px; background: transparent; color: inherit; }
    .status { min-height: 22px; padding: 0 14px; font-size: 13px; opacity: .8; }
    footer { padding: 0 8px 8px; }`;

  const store = (name, make) => {
    try {
      const kept = localStorage.getItem(name) || make();
      localStorage.setItem(name, kept);
      return kept;
    } catch {
      return make();
    }
  };
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(24)), (n) => n.toString(16).padStart(2, "0")).join("");
  const user = store("gatehouse-user", random);
  const conversation = store("gatehouse-talk", random);

  const make = (name, fields = {}, ...children) => {
    const made = Object.assign(document.createElement(name), fields);
    made.append(...children);
    return made;
  };
  const host = make("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const log = make("div", { className: "log" });
  log.setAttribute("role", "log");
  log.setAttribute("aria-live", "polite");
  log.setAttribute("aria-label", say.log);
  const status = make("div", { className: "status" });
  status.setAttribute("role", "status");
  const text = make("textarea", { rows: 2, maxLength: 2000, placeholder: say.hint });
  text.setAttribute("aria-label", say.hint);
  const send = make("button", { type: "submit", textContent: say.send });
  const form = make("form", {}, text, send);
  const close = make("button", { type: "button", className: "quiet", textContent: say.close });
  const human = make("button", { type: "button", className: "quiet", textContent: say.human });
  const panel = make(
    "section",
    { className: "panel", hidden: true },
    make("header", {}, make("h2", { textContent: say.title }), close),
    log,
    status,
    form,
    make("footer", {}, human),
  );
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", say.title);
  const open = make("button", { type: "button", className: "button", textContent: say.open });
  root.append(open, panel);

  /** The bot's Markdown without its marks for quotes and weight. */
  const plain = (words) => words.replace(/^> ?/gm, "").replace(/\*\*([^*\n]+)\*\*/g, "$1");

  /** Links only where they lead to the web; the text itself is text. */
  const turn = ({ role, author, text: words, sources }) => {
    const shown = make("div", { className: `turn ${role}` }, role === "bot" ? plain(words) : words);
    if (role === "agent") shown.prepend(make("small", { textContent: author }));
    const links = (sources || []).filter(({ url }) => url && /^https?:\/\//.test(url));
    if (links.length > 0) {
      const list = make("ul");
      list.setAttribute("aria-label", say.sources);
      for (const { n, title, url } of links) {
        list.append(
          make(
            "li",
            {},
            make("a", { href: url, target: "_blank", rel: "noopener noreferrer", textContent: `[${n}] ${title}` }),
          ),
        );
      }
      shown.append(list);
    }
    log.append(shown);
  };

  let known = "";
  const show = ({ held, turns }) => {
    const now = turns.map(({ id, text: words }) => id + words.length).join();
    if (now !== known) {
      known = now;
      log.replaceChildren();
      for (const one of turns) turn(one);
      log.scrollTop = log.scrollHeight;
    }
    if (!asking) status.textContent = held ? say.held : "";
  };

  const address = (path) => `${base}/widget/v1/${path}?${new URLSearchParams({ key, conversation, user })}`;
  const look = async () => {
    try {
      const answer = await fetch(address("talk"), { credentials: "omit" });
      if (answer.ok) show(await answer.json());
    } catch {
      // The next look tells.
    }
  };

  let asking = false;
  const ask = async (question) => {
    if (asking || question.trim() === "") return;
    asking = true;
    send.disabled = true;
    turn({ role: "member", text: question });
    log.scrollTop = log.scrollHeight;
    status.textContent = say.wait;
    let problem = "";
    try {
      const body = JSON.stringify({
        question,
        conversation,
        user: { id: user, name: tag.dataset.name || say.you },
        language,
      });
      const answer = await fetch(address("answers"), { method: "POST", body, credentials: "omit" });
      const told = await answer.json();
      if (!answer.ok) problem = told.detail || say.failed;
      else if (told.outcome === "left-to-agent") problem = "";
      text.value = answer.ok ? "" : question;
    } catch {
      problem = say.failed;
      text.value = question;
    }
    asking = false;
    send.disabled = false;
    known = "";
    await look();
    if (problem !== "") status.textContent = problem;
  };

  let timer;
  const toggle = (shown) => {
    panel.hidden = !shown;
    open.hidden = shown;
    clearInterval(timer);
    try {
      sessionStorage.setItem("gatehouse-open", shown ? "1" : "");
    } catch {
      // A page without storage forgets it.
    }
    if (!shown) return open.focus();
    void look();
    timer = setInterval(() => document.visibilityState === "visible" && !asking && look(), 4000);
    text.focus();
  };

  open.addEventListener("click", () => toggle(true));
  close.addEventListener("click", () => toggle(false));
  panel.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  human.addEventListener("click", () => ask(say.humanAsk));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask(text.value);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void ask(text.value);
  });

  const start = () => {
    document.body.append(host);
    try {
      if (sessionStorage.getItem("gatehouse-open")) toggle(true);
    } catch {
      // Closed, then.
    }
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
