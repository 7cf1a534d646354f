export { addPlatformStaff, listPlatformStaff, removePlatformStaff } from './platform/lookups.ts';
export { listSigningKeys, rotateSigningKeys } from './session/signing-keys.ts';
export { accounts } from './subgraph.ts';
