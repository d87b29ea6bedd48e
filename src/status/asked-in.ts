/** Channels by their names: where members ask first, where nobody but the team speaks last. The setup page reads and writes in this order. */

const ASKED_IN = /help|support|question|ask|faq|assist|yard[ıi]m|destek|soru/iu;
const READ_ONLY = /announc|news|rules|welcome|changelog|duyuru|haber|kural|ho[sş]\s*-?geldin/iu;
/** Discord's announcement channels, whatever they are called. */
const ANNOUNCEMENTS = 5;

type Named = { readonly name: string; readonly type: number };

/** A channel's messages are for everybody to read, not to reply to. */
export function isReadOnly({ name, type }: Named): boolean {
  return type === ANNOUNCEMENTS || READ_ONLY.test(name);
}

/** Help-like channels, the others, and what is only read; each kind in the order it came in. */
export function askedInFirst<Channel extends Named>(channels: readonly Channel[]): readonly Channel[] {
  const rank = (channel: Channel) => (isReadOnly(channel) ? 2 : ASKED_IN.test(channel.name) ? 0 : 1);
  return channels.toSorted((a, b) => rank(a) - rank(b));
}
