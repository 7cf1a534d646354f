import { isIP, isIPv4 } from 'node:net';

const minute = 60_000;

/** Attempts older than this are forgotten. */
export const attemptWindowMs = 60 * minute;

/** An attempt without a verdict counts this long: those made at once count each other, and one that was given up does not count for good. */
export const attemptUnderWayMs = 10_000;

/** From where somebody has logged in within this time, an account can be logged in to whatever others do to it. */
export const knownAddressMs = 30 * 24 * 60 * minute;

const maxWaitMs = 15 * minute;

/**
 * How many attempts are free in a window: on one subject (an account, known by what was typed) from one address, on one subject from everywhere,
 * and from one address on all subjects. What is left out is not limited. An address may be shared by an office; an account is one person's, and
 * yet not to be locked by whoever knows its name.
 */
export interface AttemptLimit {
  readonly subjectFromAddress?: number;
  readonly subject?: number;
  readonly address?: number;
}

/** Attempts of one sort in the window, and when the last of them was. */
export interface Counted {
  readonly count: number;
  readonly lastAt: Date | null;
}

/** What has to be counted for an attempt, before it is made. */
export interface AttemptCounts {
  /** Since the last success of this subject from this address. */
  readonly subjectFromAddress: Counted;
  readonly subject: Counted;
  /** Null where the address is not known: then it is not limited. */
  readonly address: Counted | null;
  /** Whether the subject succeeded from this address lately (`knownAddressMs`): then nobody else's failures keep it out. */
  readonly knownAddress: boolean;
}

/** From when on another attempt is allowed: at once for the free ones, then after a wait that doubles from one second to a quarter of an hour. */
export function allowedFrom(free: number, { count, lastAt }: Counted): Date {
  const over = count - free;
  if (lastAt === null || over < 0) return atOnce;
  return new Date(lastAt.getTime() + Math.min(1000 * 2 ** over, maxWaitMs));
}

/** The same for all that limits an attempt: the latest of the three counts. */
export function attemptAllowedFrom(limit: AttemptLimit, counts: AttemptCounts): Date {
  const own = limited(limit.subjectFromAddress, counts.subjectFromAddress);
  const everywhere = counts.knownAddress ? atOnce : limited(limit.subject, counts.subject);
  const address = limited(limit.address, counts.address);
  return new Date(Math.max(own.getTime(), everywhere.getTime(), address.getTime()));
}

const atOnce = new Date(0);

const limited = (free: number | undefined, counted: Counted | null): Date =>
  free === undefined || counted === null ? atOnce : allowedFrom(free, counted);

/**
 * What counts as one address: an IPv4 address, or the /64 network of an IPv6 address, of which a single customer of a provider has all. Null for
 * what is no address.
 */
export function networkOf(ip: string | null): string | null {
  if (ip === null || isIP(ip) === 0) return null;
  if (isIPv4(ip)) return ip;
  // The URL parser writes every IPv6 address in one form (RFC 5952).
  const [head = '', tail] = new URL(`http://[${ip.replace(/%.*$/, '')}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: tail === undefined ? 0 : missing }, () => '0'), ...groups(tail)];
  const isMapped = all.slice(0, 5).every((group) => group === '0') && all[5] === 'ffff';
  if (!isMapped) return `${all.slice(0, 4).join(':')}::/64`;
  return all
    .slice(6)
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
    .join('.');
}
