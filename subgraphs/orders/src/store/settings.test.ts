import { newId, silentLogger } from '@storegraph/core';
import { createPostgresTransport, emit, replay, storeCreated, storeUpdated } from '@storegraph/events';
import { identity, rolePrefix } from '@storegraph/testing';
import { afterAll, expect, it } from 'vitest';
import { key, ordersHarness } from '../../test/desk.ts';
import { storeSettings } from './settings.ts';

const orders = await ordersHarness();
const transport = createPostgresTransport({ url: orders.url, prefix: rolePrefix, log: silentLogger });
afterAll(() => transport.close());

it("keeps a store's latest time zone, and its currency, when any consumer of its events handles them again", async () => {
  const desk = orders.desk();
  const profile = { storeId: desk.storeId, name: 'Nordlys', country: 'NO', defaultLanguage: 'nb' };
  const accounts = orders.pool.session({
    domain: 'accounts',
    identity: identity.system(desk.storeId),
    correlationId: key(),
    origin: 'LIVE',
  });
  await accounts.write((tx) =>
    emit(
      tx,
      storeCreated({ ...profile, slug: 'nordlys', currency: 'NOK', timezone: 'Europe/Oslo', ownerId: newId('usr') }),
      storeUpdated({ ...profile, domain: null, timezone: 'Arctic/Longyearbyen' }),
    ),
  );
  await accounts.end();
  await orders.settled();
  const settings = { currency: 'NOK', timeZone: 'Arctic/Longyearbyen' };
  expect(await desk.write(storeSettings)).toMatchObject(settings);

  const followers = orders.runtime.reactions.filter(({ on }) => on.some(({ type }) => type.startsWith('store.')));
  for (const { name } of followers) await replay(transport, name);
  await orders.settled();
  expect(await desk.write(storeSettings)).toMatchObject(settings);
  expect(followers.map(({ name }) => name)).toEqual(['orders.remember-store']);
});
