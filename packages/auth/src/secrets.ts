import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

/** The sealed text was changed, moved to another place, or sealed with a key that is not here. */
export class SecretRejected extends Error {
  override readonly name = 'SecretRejected';
}

/** `key`: 32 bytes. */
export interface SealingKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/**
 * Encrypts secrets at rest (AES-256-GCM). `aad` names the place of the secret, `store|table|column|row`: a sealed text that was copied to another
 * row, column or store does not open. Sealed form: `v1.<key id>.<base64url of iv, ciphertext, tag>`.
 */
export interface Sealer {
  seal(plain: string, aad: string): string;
  /** Throws SecretRejected. */
  open(sealed: string, aad: string): string;
  /** Whether the text was sealed with an older key and should be sealed again. */
  isStale(sealed: string): boolean;
}

export function createSealer({ keys, current = keys[0]?.id }: { keys: readonly SealingKey[]; current?: string | undefined }): Sealer {
  const byId = new Map(keys.map((key) => [key.id, checked(key)]));
  const currentKey = byId.get(current ?? '');
  if (!currentKey || current === undefined) throw new Error('The sealer has no current key.');

  return {
    seal(plain, aad) {
      const header = `v1.${current}`;
      const iv = randomBytes(ivBytes);
      const encrypt = createCipheriv(cipher, currentKey, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(`${header}|${aad}`));
      const body = Buffer.concat([iv, encrypt.update(plain, 'utf8'), encrypt.final(), encrypt.getAuthTag()]);
      return `${header}.${body.toString('base64url')}`;
    },
    open(sealed, aad) {
      const [version, id = '', text = '', ...rest] = sealed.split('.');
      const key = byId.get(id);
      const body = Buffer.from(text, 'base64url');
      if (version !== 'v1' || !key || rest.length > 0 || body.length < ivBytes + tagBytes)
        throw new SecretRejected('not a sealed secret of ours');
      const decrypt = createDecipheriv(cipher, key, body.subarray(0, ivBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(`v1.${id}|${aad}`))
        .setAuthTag(body.subarray(-tagBytes));
      try {
        return Buffer.concat([decrypt.update(body.subarray(ivBytes, -tagBytes)), decrypt.final()]).toString('utf8');
      } catch {
        throw new SecretRejected('the secret does not belong here');
      }
    },
    isStale: (sealed) => !sealed.startsWith(`v1.${current}.`),
  };
}

/** A new secret of 256 random bits, `<prefix>_…`, and the hash to store in its place. */
export function opaqueToken(prefix: string): { token: string; hash: string } {
  const token = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashToken(token) };
}

/** SHA-256 in hex. Enough for opaque tokens, whose 256 bits can't be guessed; never for passwords or codes. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares two secrets in a time that tells nothing of where, or in length, they differ. */
export function equalSecrets(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function checked({ id, key }: SealingKey): Uint8Array {
  if (!/^[\w-]{1,40}$/.test(id)) throw new Error('A sealing key needs an id of letters, digits, "_" or "-".');
  if (key.byteLength !== keyBytes) throw new Error(`The sealing key ${id} does not have 32 bytes.`);
  return key;
}
