/** Line icons of our own, 24 × 24, drawn with the text's colour; always beside words, so hidden from screen readers. */
import { type Html, trusted } from "../html.ts";

const PATHS = {
  gate: '<path d="M4 21V11a8 8 0 0 1 16 0v10"/><path d="M2.5 21h19"/><path d="M8.5 21V11.5M12 21V7.5M15.5 21V11.5"/><path d="M5 14.5h14"/>',
  shield: '<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6z"/><path d="m9 11.5 2.2 2.2L15.2 9.6"/>',
  home: '<path d="M4 11.5 12 4.5l8 7"/><path d="M6.5 10v9.5h11V10M10 19.5v-5h4v5"/>',
  chat: '<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>',
  book: '<path d="M12 6.5C10 5 7.5 4.5 4 4.5v13c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2v-13c-3.5 0-6 .5-8 2z"/><path d="M12 6.5v13"/>',
  play: '<circle cx="12" cy="12" r="8.5"/><path d="m10.2 8.8 5 3.2-5 3.2z"/>',
  why: '<circle cx="12" cy="12" r="8.5"/><path d="M9.7 9.5a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.2.9-1.2 1.8"/><path d="M12 16.5h.01"/>',
  sliders:
    '<path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="12" r="2"/><circle cx="13" cy="17" r="2"/>',
  pulse: '<path d="M3 12h4l2.5-6.5 4.5 13 2.5-6.5H21"/>',
  servers:
    '<rect x="4" y="4" width="16" height="6.5" rx="2"/><rect x="4" y="13.5" width="16" height="6.5" rx="2"/><path d="M7.5 7.25h.01M7.5 16.75h.01"/>',
  menu: '<path d="M4 7h16M4 12h16M4 17h10"/>',
  out: '<path d="M10 4.5H6.5a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2H10"/><path d="m15 8 4 4-4 4M19 12H9.5"/>',
  search: '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.3-4.3"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  cross: '<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>',
  alert: '<path d="M12 4 3 19.5h18z"/><path d="M12 10v4.5M12 17h.01"/>',
  info: '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>',
  bot: '<rect x="4.5" y="8" width="15" height="11" rx="3"/><path d="M12 8V4.5M9 13v1M15 13v1M2.5 12.5v3M21.5 12.5v3"/>',
  person: '<circle cx="12" cy="8.5" r="3.5"/><path d="M5 20c.6-3.7 3.3-5.5 7-5.5s6.4 1.8 7 5.5"/>',
  team: '<circle cx="9" cy="8.5" r="3.2"/><path d="M2.8 19.5c.5-3.3 2.9-5 6.2-5s5.7 1.7 6.2 5"/><path d="M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.6 14.9c2 .6 3.3 2.2 3.6 4.6"/>',
  doctor:
    '<path d="M6 4.5H4.5V9a4.5 4.5 0 0 0 9 0V4.5H12"/><path d="M9 13.5V16a4.5 4.5 0 0 0 9 0v-1.5"/><circle cx="18" cy="12" r="2.3"/>',
  plug: '<path d="M9 3.5V8M15 3.5V8M6.5 8h11v3.5a5.5 5.5 0 0 1-11 0zM12 17v4"/>',
  headset:
    '<path d="M4.5 14v-2a7.5 7.5 0 0 1 15 0v2"/><rect x="3.5" y="13" width="4" height="6" rx="1.5"/><rect x="16.5" y="13" width="4" height="6" rx="1.5"/><path d="M18.5 19c0 1.5-2 2-4.5 2"/>',
  history: '<path d="M4 12a8 8 0 1 0 2.6-5.9L4 8.5"/><path d="M4 4v4.5h4.5M12 8v4.3l3 1.7"/>',
  up: '<path d="M7.5 11v8.5h-3V11zM7.5 11l4-7c1.5 0 2.3 1 2 2.5L13 9.5h5a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5"/>',
  down: '<path d="M16.5 13V4.5h3V13zM16.5 13l-4 7c-1.5 0-2.3-1-2-2.5l.5-3H6a2 2 0 0 1-2-2.4l1.2-6a2 2 0 0 1 2-1.6h9.3"/>',
  back: '<path d="M19 12H5M11 6l-6 6 6 6"/>',
  next: '<path d="m9 6 6 6-6 6"/>',
  hash: '<path d="M9.5 4 8 20M16 4l-1.5 16M4.5 9h15.5M4 15h15.5"/>',
  key: '<circle cx="8" cy="15" r="4"/><path d="m11 12 8.5-8.5M16 7l2.5 2.5"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  bin: '<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9L17.5 7M10.2 10.5v6M13.8 10.5v6"/>',
  file: '<path d="M13.5 3.5H7a1.5 1.5 0 0 0-1.5 1.5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5z"/><path d="M13.5 3.5v5h5"/>',
  globe:
    '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.6 3.5 5.5 3.5 8.5s-1 5.9-3.5 8.5c-2.5-2.6-3.5-5.5-3.5-8.5s1-5.9 3.5-8.5z"/>',
  upload: '<path d="M12 15.5V4.5M7.5 9 12 4.5 16.5 9"/><path d="M4.5 15.5v4h15v-4"/>',
  sun: '<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1"/>',
  moon: '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
  half: '<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>',
  clock: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
  chart: '<path d="M4.5 4v15.5H20"/><path d="M8.5 16v-4M12.5 16V8M16.5 16v-6"/>',
  megaphone: '<path d="M4 10v4h3l8 4.5v-13L7 10z"/><path d="M18 9.5a4 4 0 0 1 0 5M8 14.5V19h2.5v-3.2"/>',
  wallet: '<rect x="3.5" y="6" width="17" height="12.5" rx="2.5"/><path d="M3.5 10h17M15 14.5h2.5"/>',
  quiet: '<path d="M5 9.5v5h3.5L13 18.5v-13L8.5 9.5z"/><path d="m16.5 9.5 4.5 5M21 9.5l-4.5 5"/>',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): Html {
  return trusted(
    `<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${PATHS[name]}</svg>`,
  );
}
