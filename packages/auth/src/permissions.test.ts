import { newId } from '@storegraph/core';
import { expect, it } from 'vitest';
import { createHopSigner, createHopVerifier } from './hop.ts';
import { deriveSecrets } from './derive.ts';
import { system } from './identity.ts';
import { isPermission, permissions, roleGrants } from './permissions.ts';
import { createSealer } from './secrets.ts';

it('each role has exactly what the role above it has, but for what is kept from it', () => {
  const { OWNER, ADMIN, MANAGER, AGENT } = roleGrants;
  expect(OWNER).toEqual(permissions);
  expect(OWNER.filter((permission) => !ADMIN.includes(permission))).toEqual(['store:close', 'store:transfer']);
  expect(MANAGER).toContain('orders:refund');
  expect(AGENT).not.toContain('orders:refund');
  for (const permission of AGENT) expect(MANAGER).toContain(permission);
  for (const permission of MANAGER) expect(ADMIN).toContain(permission);
});

it('only listed permissions exist', () => {
  expect(permissions.every(isPermission)).toBe(true);
  for (const other of ['public', '', 'orders', null, 7]) expect(isPermission(other)).toBe(false);
});

it('every secret of a deployment follows from its one secret', async () => {
  const secrets = deriveSecrets('a secret of the deployment');
  expect(deriveSecrets('a secret of the deployment')).toEqual(secrets);
  expect(deriveSecrets('another')).not.toEqual(secrets);
  expect(createSealer({ keys: [secrets.sealingKey] }).seal('x', 'y')).toMatch(/^v1\.k1\./);
  const token = await createHopSigner(secrets.hop).sign(system(newId('sto')), 'orders');
  expect((await createHopVerifier({ ...secrets.hop, audience: 'orders' })(token)).kind).toBe('SYSTEM');
});
