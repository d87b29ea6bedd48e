/**
 * Date.parse for the one form in which Discord writes times: `2026-01-05T10:00:00.123456+00:00`, in UTC, with three or six digits of a
 * second or none. Whatever has another form, or names no real time, is left to Date.parse, which takes several times as long.
 */

const ZERO = 48;

export function parseTime(text: string): number {
  const { length } = text;
  const second = 19;
  const dot = text.charCodeAt(second) === 46;
  const zone = dot ? length - (text.endsWith("Z") ? 1 : 6) : second;
  const digits = zone - second - 1;
  const inUtc = text.endsWith("+00:00", length) ? zone === length - 6 : text.endsWith("Z") && zone === length - 1;
  if (!inUtc || (dot && digits !== 3 && digits !== 6) || !isFormed(text, dot ? digits : 0)) return Date.parse(text);
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const seconds = two(text, 17);
  // The 29th to 31st are left out: not every month has them.
  const real = year >= 1_970 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  if (!real || hour > 23 || minute > 59 || seconds > 59) return Date.parse(text);
  const ms = dot ? (text.charCodeAt(20) - ZERO) * 100 + two(text, 21) : 0;
  return (daysTo(year, month, day) * 1_440 + hour * 60 + minute) * 60_000 + seconds * 1_000 + ms;
}

/** `dddd-dd-ddTdd:dd:dd`, and so many digits behind the dot. */
function isFormed(text: string, digits: number): boolean {
  for (let i = 0; i < FORM.length; i++) {
    const unit = text.charCodeAt(i);
    const wanted = FORM.charCodeAt(i);
    if (wanted === ZERO ? unit < ZERO || unit > 57 : unit !== wanted) return false;
  }
  for (let i = 20; i < 20 + digits; i++) {
    const unit = text.charCodeAt(i);
    if (unit < ZERO || unit > 57) return false;
  }
  return true;
}

const FORM = "0000-00-00T00:00:00";

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/**
 * Days from 1970 to a date after it. Years begin in March here, so that the leap day is a year's last.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysTo(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}
