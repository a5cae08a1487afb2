/**
 * The Vietnamese lunar calendar (UTC+7) for 1900–2199, by its astronomical rules: months begin on the day of the new
 * moon, the month that holds the winter solstice is the 11th, and a year of 13 months repeats the first month in
 * which the sun enters no new sign. New moons and the sun's longitude after Meeus, "Astronomical Algorithms".
 */
const OFFSET = 7 / 24;
const SYNODIC = 29.530588853;
const sin = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);

/** A civil day by number (Julian day number), so that days can be counted. */
export const dayNumber = (iso: string): number =>
  Math.floor(Date.parse(`${iso}T00:00:00Z`) / 86_400_000) + 2440588;

/** Back to yyyy-mm-dd. */
export const isoOf = (day: number): string =>
  new Date((day - 2440588) * 86_400_000).toISOString().slice(0, 10);

/** Day number, in Vietnam, of the k-th new moon after 1 January 1900. */
function newMoon(k: number): number {
  const t = k / 1236.85;
  const sun = 359.2242 + 29.10535608 * k - 0.0000333 * t ** 2 - 0.00000347 * t ** 3;
  const moon = 306.0253 + 385.81691806 * k + 0.0107306 * t ** 2 + 0.00001236 * t ** 3;
  const node = 21.2964 + 390.67050646 * k - 0.0016528 * t ** 2 - 0.00000239 * t ** 3;
  const mean =
    2415020.75933 +
    29.53058868 * k +
    0.0001178 * t ** 2 -
    0.000000155 * t ** 3 +
    0.00033 * sin(166.56 + 132.87 * t);
  const correction =
    (0.1734 - 0.000393 * t) * sin(sun) +
    0.0021 * sin(2 * sun) -
    0.4068 * sin(moon) +
    0.0161 * sin(2 * moon) -
    0.0004 * sin(3 * moon) +
    0.0104 * sin(2 * node) -
    0.0051 * sin(sun + moon) -
    0.0074 * sin(sun - moon) +
    0.0004 * sin(2 * node + sun) -
    0.0004 * sin(2 * node - sun) -
    0.0006 * sin(2 * node + moon) +
    0.001 * sin(2 * node - moon) +
    0.0005 * sin(sun + 2 * moon);
  const drift = -0.000278 + 0.000265 * t + 0.000262 * t ** 2;
  return Math.floor(mean + correction - drift + 0.5 + OFFSET);
}

/** Which of the twelve signs (0 = from the spring equinox) the sun is in when that day begins in Vietnam. */
function sunSign(day: number): number {
  const t = (day - 0.5 - OFFSET - 2451545) / 36525;
  const anomaly = 357.5291 + 35999.0503 * t - 0.0001559 * t ** 2 - 0.00000048 * t ** 3;
  const centre =
    (1.9146 - 0.004817 * t - 0.000014 * t ** 2) * sin(anomaly) +
    (0.019993 - 0.000101 * t) * sin(2 * anomaly) +
    0.00029 * sin(3 * anomaly);
  const longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t ** 2 + centre;
  return Math.floor((((longitude % 360) + 360) % 360) / 30);
}

/** Index of the new moon that begins the 11th month of a year. */
function eleventhMonth(year: number): number {
  const k = Math.floor((dayNumber(`${year}-12-31`) - 2415021) / SYNODIC);
  return sunSign(newMoon(k)) >= 9 ? k - 1 : k;
}

/** How many months after the 11th the leap month comes; 0 in a year of twelve months. */
function leapOffset(from: number, to: number): number {
  if (to - from < 13) return 0;
  for (let month = 1; month < 14; month++) {
    if (sunSign(newMoon(from + month)) === sunSign(newMoon(from + month + 1))) return month;
  }
  return 0;
}

export interface LunarDay {
  readonly day: number;
  readonly month: number;
  readonly year: number;
  /** In the second of two months of that number. */
  readonly leap: boolean;
}

/** First day and length of a lunar month; null when the year has no such leap month. */
export function lunarMonth({
  month,
  year,
  leap,
}: Omit<LunarDay, 'day'>): { first: number; days: number } | null {
  const late = month >= 11;
  const from = eleventhMonth(late ? year : year - 1);
  const leapAt = leapOffset(from, eleventhMonth(late ? year + 1 : year));
  const plain = (month + 1) % 12;
  // The leap month carries the number of the month before it.
  if (leap && (leapAt === 0 || plain !== leapAt - 1)) return null;
  const k = from + plain + (leapAt !== 0 && (leap || plain >= leapAt) ? 1 : 0);
  return { first: newMoon(k), days: newMoon(k + 1) - newMoon(k) };
}

/** The civil day (yyyy-mm-dd) of a lunar one, or null when there is no such day. */
export function solarOf(lunar: LunarDay): string | null {
  if (lunar.month < 1 || lunar.month > 12) return null;
  const month = lunarMonth(lunar);
  if (month === null || lunar.day < 1 || lunar.day > month.days) return null;
  return isoOf(month.first + lunar.day - 1);
}
