const FORM = /^(\d{4})-(\d{2})-(\d{2})[\s\S](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Whether a text is a time in the runtime's reading of RFC 3339: any one byte between date and time, a real date, and a leap second only
 * where the UTC moment is the last second of a month (run record format, TriggerEvent).
 */
export function isRfc3339(text: string): boolean {
  const match = FORM.exec(text);
  // The separator is one byte: a character beyond ASCII is more than one.
  if (match === null || text.charCodeAt(10) > 0x7f) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return false;
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  if (second < 60) return true;
  const offset = (match[8] === "-" ? -1 : 1) * (offsetHour * 60 + offsetMinute);
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hour, minute - offset, 0, 0);
  const lastMinute = utc.getUTCHours() === 23 && utc.getUTCMinutes() === 59;
  return lastMinute && utc.getUTCDate() === daysOf(utc.getUTCFullYear(), utc.getUTCMonth() + 1);
}

function daysOf(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
