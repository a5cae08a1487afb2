/** Arithmetic on civil dates "yyyy-mm-dd"; a partial date counts as its earliest day. No clock, no time zone. */

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function parts(date: string): Civil {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(date);
  if (!match) throw new RangeError('not a civil date');
  return { year: Number(match[1]), month: Number(match[2] ?? 1), day: Number(match[3] ?? 1) };
}

const dayNumber = ({ year, month, day }: Civil): number => Date.UTC(year, month - 1, day) / 86_400_000;

/** Days from one date to another; negative when `to` is earlier. Throws RangeError on anything but dates. */
export const daysBetween = (from: string, to: string): number =>
  dayNumber(parts(to)) - dayNumber(parts(from));

/** Full years from one date to another (an age), negative when `to` is earlier. Throws RangeError on anything but dates. */
export function yearsBetween(from: string, to: string): number {
  const [a, b] = [parts(from), parts(to)];
  const before = b.month < a.month || (b.month === a.month && b.day < a.day);
  return b.year - a.year - (before ? 1 : 0);
}

/** The year of a date, as a number. Throws RangeError on anything but dates. */
export const yearOf = (date: string): number => parts(date).year;
