import { Secret, TOTP } from 'otpauth';

// RFC 6238 as authenticator apps know it: SHA-1, six digits, a code every thirty seconds.
const settings = { issuer: 'Storegraph', algorithm: 'SHA1', digits: 6, period: 30 } as const;

/** Section 5.2 of the RFC: one step before and after, for clocks that differ and codes that are typed slowly. */
const window = 1;

/** RFC 4226, section 4: 160 bits. */
const secretBytes = 20;

/** A new secret, in base 32. */
export const newTotpSecret = (): string => new Secret({ size: secretBytes }).base32;

/** What an authenticator app reads from a QR code (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). */
export const otpauthUri = (secret: string, email: string): string =>
  new TOTP({ ...settings, label: email, secret: Secret.fromBase32(secret) }).toString();

/**
 * The time step whose code this is, now or one step away; null for a wrong code, and for one of the step that was taken last or of an earlier one: a
 * code that somebody saw being typed is worth nothing (RFC 6238, section 5.2).
 */
export function acceptedStep(secret: string, code: string, now: Date, lastStep: number | null): number | null {
  const step = Math.floor(now.getTime() / 1000 / settings.period);
  const delta = new TOTP({ ...settings, secret: Secret.fromBase32(secret) }).validate({ token: code, timestamp: now.getTime(), window });
  if (delta === null || step + delta <= (lastStep ?? -1)) return null;
  return step + delta;
}

/** Six digits, however they were spaced. */
export function totpCode(typed: string): string | null {
  const code = typed.replaceAll(/[\s-]/g, '');
  return /^\d{6}$/.test(code) ? code : null;
}
