export { anonymous, identityKinds, system, type Credential, type Identity, type IdentityKind } from './identity.ts';
export { isPermission, permissions, roleGrants, type Permission, type RoleName } from './permissions.ts';
export { createHopSigner, createHopVerifier, generateHopKeys, HopRejected, type HopSigner, type HopVerifier } from './hop.ts';
export { hashPassword, maxPasswordLength, PasswordsBusy, verifyPassword } from './passwords.ts';
export { createSealer, equalSecrets, hashToken, opaqueToken, SecretRejected, type Sealer, type SealingKey } from './secrets.ts';
export {
  createTokenIssuer,
  generateIssuerKey,
  TokenRejected,
  type IssuerKey,
  type TokenClaims,
  type TokenIssuer,
  type TokenKind,
} from './tokens.ts';
export { deriveSecrets, type Secrets } from './derive.ts';
