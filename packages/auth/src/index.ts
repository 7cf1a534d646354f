export { anonymous, identityKinds, system, type Credential, type Identity, type IdentityKind } from './identity.ts';
export { isPermission, permissions, roleGrants, type Permission, type RoleName } from './permissions.ts';
export { createHopSigner, createHopVerifier, generateHopKeys, HopRejected, type HopSigner, type HopVerifier } from './hop.ts';
export { hashPassword, maxPasswordLength, minPasswordLength, PasswordsBusy, verifyPassword } from './passwords.ts';
export { createSealer, equalSecrets, hashToken, opaqueToken, SecretRejected, type Sealer, type SealingKey } from './secrets.ts';
export {
  allowedFrom,
  attemptAllowedFrom,
  attemptUnderWayMs,
  attemptWindowMs,
  knownAddressMs,
  networkOf,
  type AttemptCounts,
  type AttemptLimit,
  type Counted,
} from './attempt-limit.ts';
export { oneTimeToken, oneTimeTokenLifeMs, oneTimeTokenStatus, type OneTimeToken, type OneTimeTokenState } from './one-time-token.ts';
export { endOfLife, refreshStep, sessionStatus } from './refresh-family.ts';
export {
  createRotatingIssuer,
  keyRotation,
  publishAheadMs,
  retiredKeyMs,
  signingKeyStates,
  type KeyTimes,
  type RotatingIssuer,
  type SigningKeyState,
  type StoredKey,
} from './key-rotation.ts';
export {
  accessTokenLifeSeconds,
  createTokenIssuer,
  generateIssuerKey,
  TokenRejected,
  type IssuerKey,
  type TokenClaims,
  type TokenIssuer,
  type TokenKind,
} from './tokens.ts';
export { deriveSecrets, type Secrets } from './derive.ts';
