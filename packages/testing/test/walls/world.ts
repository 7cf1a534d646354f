import { randomUUID } from 'node:crypto';
import { createSealer, deriveSecrets, hashToken, roleGrants, type Identity, type Sealer } from '@storegraph/auth';
import { newId, silentLogger, systemClock, toUuid } from '@storegraph/core';
import { runJob } from '@storegraph/jobs';
import { createRuntime, type SubgraphRuntime } from '@storegraph/subgraph';
import type { FormattedExecutionResult } from 'graphql';
import { atEnd } from '../../src/at-end.ts';
import { testClient, type TestClient } from '../../src/client.ts';
import { deploymentSecret } from '../../src/deployment.ts';
import { graphHarness, seedStore, type GraphHarness, type SeededStore } from '../../src/graph.ts';
import { mailOf, talkOf } from './messaging.ts';
import { done, idOf, once } from './making.ts';
import { domains } from './sdl.ts';

/** The ids of rows of one store, each under the name that an input has for it (`orderId`), and what else an input must find. */
export type Rows = Readonly<Record<string, string>>;

export interface WalledStore extends SeededStore {
  readonly ownerIdentity: Identity;
  /** A row of every kind, new ones of those that mutations use up; of the latter those alone that are wanted, where that is said. */
  rows(wanted?: ReadonlySet<string>): Promise<Rows>;
}

export interface World {
  readonly graph: GraphHarness;
  readonly a: WalledStore;
  readonly b: WalledStore;
  /** A subgraph, without the gateway before it, as that identity. */
  as(domain: string, identity: Identity): TestClient;
}

/** Two stores with people, customers and orders, in the whole graph, and each of its subgraphs open to any identity. */
export async function openWorld(): Promise<World> {
  const graph = await graphHarness();
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
  const runtimes = new Map(domains.map((domain) => [domain.name, createRuntime(domain, { pool: graph.pool, log: silentLogger, sealer })]));
  atEnd(async () => {
    for (const runtime of runtimes.values()) await runtime.close();
  });
  return {
    graph,
    a: await walledStore(graph, sealer),
    b: await walledStore(graph, sealer),
    as: (domain, identity) => {
      const runtime = runtimes.get(domain);
      if (!runtime) throw new Error(`No subgraph ${domain}`);
      return testClient(async (query, variables) => {
        const request = { query, variables, identity, requestId: randomUUID() };
        return query.startsWith('subscription') ? await firstOf(runtime.subscribe(request)) : await runtime.execute(request);
      });
    },
  };
}

/** What a subscription tells first. */
async function firstOf(answers: ReturnType<SubgraphRuntime['subscribe']>): Promise<FormattedExecutionResult> {
  const { value } = await answers.next();
  await answers.return?.();
  return value ?? {};
}

const password = 'a-password-of-a-test';

async function walledStore(graph: GraphHarness, sealer: Sealer): Promise<WalledStore> {
  const store = await seedStore(graph);
  const { owner } = store;
  const who = await owner.data<{ viewer: { user: { id: string }; sessions: { id: string; current: boolean }[] } }>(
    '{ viewer { user { id } sessions { id current } } }',
  );
  const ownerIdentity: Identity = {
    kind: 'STAFF',
    storeId: idOf('sto', store.id),
    subjectId: idOf('usr', who.viewer.user.id),
    sessionId: idOf('ses', who.viewer.sessions.find(({ current }) => current)?.id),
    permissions: roleGrants.OWNER,
  };
  await store.staff('AGENT');
  const outsiderEmail = `outsider-${randomUUID().slice(0, 8)}@example.com`;
  await done(graph.client(), 'userSignUp', { email: outsiderEmail, password }, 'accepted');
  // An account with its session, and an address that waits to be verified.
  await store.shopper();
  await done(store.visitor, 'customerSignUp', { email: `${randomUUID().slice(0, 8)}@example.com`, password }, 'accepted');

  const { id: erasedId } = await store.customer();
  const erase = { customerId: erasedId, reason: 'LEGAL_OBLIGATION', idempotencyKey: randomUUID() };
  const { erasure } = await done<{ erasure: { id: string } }>(owner, 'customerErase', erase, 'erasure { id }');

  await done(owner, 'orderSettingsUpdate', { unpaidExpiryMinutes: 60 }, 'settings { unpaidExpiryMinutes }');
  // An erasure takes the exports that there are.
  await graph.settled();
  const orderExportId = await exported(graph, store, sealer, 'orders');
  const customerExportId = await exported(graph, store, sealer, 'customers');
  // Of somebody who once had an authenticator app.
  await graph.admin(`insert into accounts.backup_codes (id, user_id, code_hash) values (gen_random_uuid(), $1, 'x')`, [
    toUuid(ownerIdentity.subjectId ?? 'usr_'),
  ]);
  const storeUuid = toUuid(idOf('sto', store.id));
  // The platform's people have been here.
  await graph.admin(
    `insert into accounts.platform_entries (store_id, id, user_id, session_id, reason, entered_at, expires_at)
     values ($1, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'Asked for help', now(), now() + interval '1 minute')`,
    [storeUuid],
  );
  await graph.admin(`select jobs.create_queue('accounts.test', '{"policy": "standard"}')`);
  const spare = { slug: `spare-${randomUUID().slice(0, 8)}`, name: 'Spare', currency: 'EUR' };
  const { store: spareStore } = await done<{ store: { id: string } }>(owner, 'storeCreate', spare, 'store { id }');
  const agents = await peopleOf(owner, store);
  // As the first subscribers would.
  await graph.admin('insert into orders.order_feeds (store_id, last) values ($1, 0)', [storeUuid]);
  await graph.admin('insert into messaging.inbox_feeds (store_id, last) values ($1, 0)', [storeUuid]);
  // Before everything that happens to orders.
  const feedStart = sealer.seal('0', `orders|live|${store.id}`);

  const key = () => ({ idempotencyKey: randomUUID() });
  const gift = { amount: 5000, currency: 'EUR', note: 'Grumpy', recipientName: 'Ada' };

  /** Ways to one row each, which is made when it is first asked for, with what it stands on. */
  const makers = (): Readonly<Record<string, () => Promise<string | null | undefined>>> => {
    const customer = once(() =>
      store.customer({
        email: `${randomUUID().slice(0, 8)}@example.com`,
        addresses: [{ line1: '12 St James Square', city: 'London', country: 'GB' }],
      }),
    );
    const discount = once(async () => {
      const code = randomUUID().slice(0, 8);
      const { discount: made } = await done<{ discount: { id: string; code: { id: string } } }>(
        owner,
        'discountCreate',
        { title: 'A little off', method: 'CODE', kind: 'PERCENTAGE', basisPoints: 100, code },
        `discount { id code(code: "${code}") { id } }`,
      );
      return { ...made, typed: code };
    });
    const order = once(async () => {
      const made = await store.order({
        discountCodes: [(await discount()).typed],
        customerId: (await customer()).id,
        note: 'Difficult',
        discount: 200,
        lines: [{ name: 'Lantern', quantity: 4, unitPrice: 1250 }],
      });
      const { payment } = await done<{ payment: { id: string } }>(
        owner,
        'orderPaymentRecord',
        { ...key(), orderId: made.id, tender: 'CARD', authorized: 4000, captured: 2000, provider: 'test', externalId: randomUUID() },
        'payment { id }',
      );
      return { orderId: made.id, lineId: made.lines[0]?.id, paymentId: payment.id };
    });
    const mergeId = async () => {
      const pair = { survivorId: (await customer()).id, mergedId: (await store.customer()).id };
      const { merge } = await done<{ merge: { id: string } }>(owner, 'customerMerge', pair, 'merge { id }');
      return merge.id;
    };
    const refundId = async () => {
      const { orderId, lineId } = await order();
      const input = { ...key(), orderId, lines: [{ lineId, quantity: 1 }], reason: 'RETURN', note: 'Grumpy' };
      const { refund } = await done<{ refund: { id: string } }>(owner, 'orderRefund', input, 'refund { id }');
      return refund.id;
    };
    const grantedRefundId = async () => {
      const input = { ...key(), orderId: (await order()).orderId, amount: 50, reason: 'GOODWILL' };
      const { refund } = await done<{ refund: { id: string } }>(owner, 'refundGrant', input, 'refund { id }');
      return refund.id;
    };
    const giftCardId = async () => {
      const input = { ...key(), ...gift, customerId: (await customer()).id };
      return (await done<IssuedCard>(owner, 'giftCardIssue', input, 'giftCard { id } code')).giftCard.id;
    };
    // Of one that is good for whoever has its code.
    const giftCardCode = async () => (await done<IssuedCard>(owner, 'giftCardIssue', { ...key(), ...gift }, 'giftCard { id } code')).code;
    const parcel = async (quantity: number) => {
      const { orderId, lineId } = await order();
      const input = { ...key(), orderId, lines: [{ lineId, quantity }] };
      const { fulfillment } = await done<{ fulfillment: { id: string } }>(owner, 'fulfillmentCreate', input, 'fulfillment { id }');
      return fulfillment.id;
    };
    const deliveredLineId = once(async () => {
      const fulfillmentId = await parcel(2);
      await done(owner, 'fulfillmentShip', { fulfillmentId }, 'fulfillment { id }');
      await done(owner, 'fulfillmentDeliver', { fulfillmentId }, 'fulfillment { id }');
      return (await order()).lineId;
    });
    const returnId = async () => {
      const lines = [{ lineId: await deliveredLineId(), quantity: 1, reason: 'SIZE' }];
      const asked = { ...key(), orderId: (await order()).orderId, lines, note: 'Worn' };
      const { return: back } = await done<{ return: { id: string } }>(owner, 'returnRequest', asked, 'return { id }');
      return back.id;
    };
    const draftId = async () => {
      const lines = [{ name: 'Lantern', quantity: 1, unitPrice: 1250, discount: 1 }];
      const input = { ...key(), currency: 'EUR', customerId: (await customer()).id, lines };
      const { order: draft } = await done<{ order: { id: string } }>(owner, 'orderDraftCreate', input, 'order { id }');
      return draft.id;
    };
    const talk = talkOf(store, sealer, async () => (await customer()).id);
    const cart = once(async () => filledCart(graph, owner, (await customer()).id));
    const people = once(agents);
    const customerImportId = async () => {
      const input = { ...key(), onExisting: 'SKIP' };
      const { import: opened } = await done<{ import: { id: string } }>(owner, 'customerImportCreate', input, 'import { id }');
      return opened.id;
    };
    const apiKeyId = async () => {
      const input = { name: 'a test', permissions: ['orders:read'] };
      const { apiKey } = await done<{ apiKey: { id: string } }>(owner, 'apiKeyCreate', input, 'apiKey { id }');
      return apiKey.id;
    };
    // Never confirmed, so that the owner logs in without a code; one that was made before is given up.
    const deviceId = async () => {
      const input = { name: 'Phone', currentPassword: password };
      const { device } = await done<{ device: { id: string } }>(owner, 'totpDeviceCreate', input, 'device { id }');
      return device.id;
    };
    const sessionId = async () => {
      const input = { email: `owner@${store.slug}.test`, password };
      const { session } = await done<{ session: { id: string } }>(graph.client(), 'sessionCreate', input, 'session { id }');
      return session.id;
    };
    const contact = once(async () => {
      const found = await owner.data<{ customer: { addresses: { id: string }[]; contactPoints: { id: string }[] } }>(
        'query ($id: ID!) { customer(id: $id) { addresses { id } contactPoints { id } } }',
        { id: (await customer()).id },
      );
      return { addressId: found.customer.addresses[0]?.id, contactPointId: found.customer.contactPoints[0]?.id };
    });
    const jobId = async () => {
      const id = newId('job');
      await graph.admin(`insert into jobs.job (id, name, state, data) values ($1, 'accounts.test', 'failed', '{}')`, [toUuid(id)]);
      return id;
    };
    return {
      customerId: async () => (await customer()).id,
      customerNumber: async () => String((await customer()).number),
      survivorId: async () => (await customer()).id,
      mergedId: async () => (await store.customer()).id,
      discountId: async () => (await discount()).id,
      codeId: async () => (await discount()).code.id,
      orderId: async () => (await order()).orderId,
      lineId: async () => (await order()).lineId,
      paymentId: async () => (await order()).paymentId,
      mergeId,
      refundId,
      grantedRefundId,
      giftCardId,
      giftCardCode,
      fulfillmentId: () => parcel(1),
      deliveredLineId,
      returnId,
      draftId,
      cartId: async () => (await cart()).cartId,
      cartLineId: async () => (await cart()).cartLineId,
      offer: async () => (await cart()).offer,
      recoveryToken: async () => (await cart()).recoveryToken,
      customerImportId,
      apiKeyId,
      memberId: async () => (await people())['memberId'],
      roleId: async () => (await people())['roleId'],
      invitationId: async () => (await people())['invitationId'],
      deviceId,
      sessionId,
      addressId: async () => (await contact()).addressId,
      contactPointId: async () => (await contact()).contactPointId,
      jobId,
      ...talk,
    };
  };
  /** Those that no mutation uses up. */
  const lasting = whole({
    storeId: store.id,
    orderExportId,
    customerExportId,
    feedStart,
    inboxStart: sealer.seal('0', `messaging|inbox|${store.id}`),
    assigneeId: ownerIdentity.subjectId,
    ...(await mailOf(graph, owner, storeUuid)),
    userId: ownerIdentity.subjectId,
    spareStoreId: spareStore.id,
    outsiderEmail,
    erasureId: erasure.id,
  });
  const rows = async (wanted?: ReadonlySet<string>): Promise<Rows> => {
    const made: Record<string, string | null | undefined> = {};
    for (const [name, make] of Object.entries(makers())) if (wanted?.has(name) ?? true) made[name] = await make();
    return { ...lasting, ...whole(made) };
  };
  return { ...store, ownerIdentity, rows };
}

interface IssuedCard {
  readonly giftCard: { readonly id: string };
  readonly code: string;
}

/** A cart of the customer with goods in it, an offer of more, and the way back to it. */
async function filledCart({ admin }: GraphHarness, owner: TestClient, customerId: string) {
  const expiresAt = new Date(Date.now() + 60 * 60_000).toISOString();
  const goods = [{ name: 'Lantern', price: 1250, currency: 'EUR', expiresAt }];
  const { offers } = await done<{ offers: { goods: string[] } }>(owner, 'cartOffersCreate', { goods }, 'offers { goods }');
  const offer = offers.goods[0] ?? '';
  const { cart } = await done<{ cart: { id: string } }>(owner, 'cartCreate', { currency: 'EUR' }, 'cart { id }');
  const { cart: filled } = await done<{ cart: { lines: { id: string }[] } }>(
    owner,
    'cartLineAdd',
    { cartId: cart.id, offer },
    'cart { lines { id } }',
  );
  const recoveryToken = randomUUID();
  await admin('update orders.carts set customer_id = $1, token_hash = null, recovery_hash = $2 where id = $3', [
    toUuid(idOf('cus', customerId)),
    hashToken(recoveryToken),
    toUuid(idOf('crt', cart.id)),
  ]);
  return { cartId: cart.id, cartLineId: filled.lines[0]?.id, offer, recoveryToken };
}

/** A written export, so that it is the same whenever it is looked at. */
async function exported(
  { pool }: GraphHarness,
  { id, owner }: SeededStore,
  sealer: Sealer,
  domain: 'orders' | 'customers',
): Promise<string> {
  const { export: made } = await done<{ export: { id: string } }>(
    owner,
    domain === 'orders' ? 'orderExportCreate' : 'customerExportCreate',
    { idempotencyKey: randomUUID() },
    'export { id }',
  );
  const job = domains.flatMap(({ jobs }) => jobs).find(({ name }) => name === `${domain}.export`);
  if (!job) throw new Error('There is no such job.');
  const signal = new AbortController().signal;
  const attempt = { jobId: newId('job'), storeId: idOf('sto', id), correlationId: randomUUID(), attempt: 1, signal };
  await runJob({ pool, domain, sealer, clock: systemClock, log: silentLogger }, job, attempt, job.data.parse({ exportId: made.id }));
  return made.id;
}

/** An active agent of the store and an open invitation, new ones where a mutation has used them up. */
async function peopleOf(owner: TestClient, store: SeededStore): Promise<() => Promise<Rows>> {
  const look = async () => {
    const found = await owner.data<{
      members: { nodes: { id: string; status: string; role: { id: string; key: string } }[] };
      invitations: { nodes: { id: string }[] };
    }>('{ members { nodes { id status role { id key } } } invitations(first: 1, statuses: [PENDING]) { nodes { id } } }');
    const agent = found.members.nodes.find(({ status, role }) => status === 'ACTIVE' && role.key === 'AGENT');
    return { agent, invitation: found.invitations.nodes[0] };
  };
  return async () => {
    let { agent, invitation } = await look();
    if (!agent) await store.staff('AGENT');
    if (!agent) ({ agent, invitation } = await look());
    if (!invitation) {
      const input = { email: `guest-${randomUUID().slice(0, 8)}@example.com`, roleId: agent?.role.id };
      ({ invitation } = await done<{ invitation: { id: string } }>(owner, 'invitationCreate', input, 'invitation { id }'));
    }
    return whole({ memberId: agent?.id, roleId: agent?.role.id, invitationId: invitation.id });
  };
}

function whole(rows: Record<string, string | null | undefined>): Rows {
  return Object.fromEntries(
    Object.entries(rows).map(([name, value]) => {
      if (!value) throw new Error(`The seed made no ${name}`);
      return [name, value];
    }),
  );
}

/** The same rows as they are called where they do not exist: every id is a new one of its kind. */
export const missing = (rows: Rows): Rows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, value]) => [name, /^[a-z]+_[0-9a-z]{26}$/.test(value) ? newId(value.split('_')[0] ?? '') : value]),
  );

/** An answer without what differs between any two: ids, and moments. */
export const withoutIds = (answer: unknown): string =>
  JSON.stringify(answer)
    .replace(/[a-z]+_[0-9a-z]{26}/g, '<id>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>');
