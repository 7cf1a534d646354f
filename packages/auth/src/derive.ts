import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import type { SealingKey } from './secrets.ts';

export interface Secrets {
  /** From which the passwords of the database logins are derived. */
  readonly databaseSecret: string;
  readonly sealingKey: SealingKey;
  /** The gateway's key pair for the hop, PEM. */
  readonly hop: { readonly privateKey: string; readonly publicKey: string };
}

/** Every secret of a deployment, from its one secret (HKDF, RFC 5869): each is of no use for guessing another. */
export function deriveSecrets(secret: string): Secrets {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'storegraph', purpose, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([ed25519Pkcs8, derive('hop')]), format: 'der', type: 'pkcs8' });
  return {
    databaseSecret: derive('database').toString('base64url'),
    sealingKey: { id: 'k1', key: derive('sealing') },
    hop: {
      privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    },
  };
}

/** The PKCS8 envelope of an Ed25519 seed (RFC 8410, section 7). */
const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
