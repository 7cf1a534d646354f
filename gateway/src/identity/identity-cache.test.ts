import { newId, systemClock } from '@storegraph/core';
import type { Identity } from '@storegraph/auth';
import { expect, it } from 'vitest';
import { createIdentityCache } from './identity-cache.ts';

const credential = { kind: 'TOKEN', token: 'a token' } as const;
const staff: Identity = { kind: 'STAFF', storeId: newId('sto'), subjectId: newId('usr'), sessionId: newId('ses'), permissions: [] };

it('never keeps what an exchange from before a change gives, even while another one is under way', async () => {
  const cache = createIdentityCache({ clock: systemClock, size: 10, onLookup: () => undefined });
  const before = Promise.withResolvers<Identity | null>();
  const after = Promise.withResolvers<Identity | null>();
  const first = cache.get(credential, () => before.promise);
  cache.forget({ sessionId: staff.sessionId });
  const second = cache.get(credential, () => after.promise);
  before.resolve(staff);
  expect(await first).toEqual(staff);

  let asked = 0;
  const third = cache.get(credential, () => {
    asked += 1;
    return Promise.resolve(staff);
  });
  after.resolve(null);
  expect(await Promise.all([second, third])).toEqual([null, null]);
  expect(asked).toBe(0);
  expect(await cache.get(credential, () => Promise.resolve(staff))).toBeNull();
});
