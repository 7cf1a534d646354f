import { opaqueToken } from '@storegraph/auth';
import { fromUuid, type Id, type StoreId } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { cartAbandoned, emit } from '@storegraph/events';
import { defineJob, type JobContext } from '@storegraph/jobs';
import { and, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import { z } from 'zod';
import { inCurrencyOf } from '../order/record.ts';
import { linesOf } from './access.ts';
import { abandonedAfterMs } from './cart.ts';
import { carts } from './tables.ts';

const batch = 200;

/**
 * Finds carts that their shoppers have left, and says so, each in a transaction of its own: whoever comes back meanwhile is not written to. A cart is
 * told of once: one that was taken up again and left again is not.
 */
export const abandon = defineJob({
  name: 'orders.abandon-carts',
  data: z.object({}),
  cron: '*/5 * * * *',
  handle: async (context) => {
    let count = 0;
    for (let told = batch; told > 0 && !context.signal.aborted; count += told) {
      told = 0;
      for (const { storeId, id } of await idleCarts(context)) told += Number(await abandonCart(context, storeId, id));
    }
    context.log.info({ count }, 'Carts that were left have been told of.');
  },
});

const idleSince = (now: Date) => new Date(now.getTime() - abandonedAfterMs);

/** Of every store, the longest idle first; as the partial index has them. */
async function idleCarts({ sweep, clock }: JobContext): Promise<{ storeId: StoreId; id: Id<'crt'> }[]> {
  const now = clock.now();
  const rows = await sweep((tx) =>
    tx.execute<{ store: string; cart: string }>(sql`
      select store_id::text as store, id::text as cart from ${carts}
      where converted_at is null and abandoned_at is null and units > 0 and expires_at > ${now.toISOString()}::timestamptz
        and changed_at < ${idleSince(now).toISOString()}::timestamptz and coalesce(customer_id::text, contact_email, contact_phone) is not null
      order by changed_at limit ${batch}`),
  );
  return rows.map(({ store, cart }) => ({ storeId: fromUuid('sto', store), id: fromUuid('crt', cart) }));
}

/** Tells whether the cart was still idle. Its recovery secret leaves with the event alone: the cart keeps the hash. */
const abandonCart = ({ inStore, clock, sealer }: JobContext, storeId: StoreId, id: Id<'crt'>): Promise<boolean> =>
  inStore(storeId, (db) =>
    db.write(async (tx) => {
      const now = clock.now();
      const { token, hash } = opaqueToken('recover');
      const cart = first(
        await tx
          .update(carts)
          .set({ abandonedAt: now, recoveryHash: hash })
          .where(
            own(
              tx,
              carts,
              and(
                eq(carts.id, id),
                isNull(carts.convertedAt),
                isNull(carts.abandonedAt),
                gt(carts.units, 0),
                lt(carts.changedAt, idleSince(now)),
              ),
            ),
          )
          .returning(),
      );
      if (!cart) return false;
      const { id: cartId, customerId, units, changedAt, expiresAt } = cart;
      const goods = (await linesOf(tx, cart)).map(({ name, quantity, imageUrl }) => ({ name, quantity, imageUrl }));
      const { contactName: name, contactEmail: email, contactPhone: phone, recoveryUrl } = cart;
      await emit(
        tx,
        cartAbandoned(
          { cartId, customerId, total: inCurrencyOf(cart, cart.total), units, changedAt, expiresAt },
          { personal: { name, email, phone, goods, recoveryUrl }, secret: { value: token, sealer, expiresAt } },
        ),
      );
      return true;
    }),
  );

/** Carts are kept for a while after they have expired or become orders, which have all that was in them. */
const keptMs = 30 * 24 * 60 * 60_000;

export const prune = defineJob({
  name: 'orders.prune-carts',
  data: z.object({}),
  cron: '47 3 * * *',
  handle: async ({ sweep, clock, log, signal }) => {
    const before = new Date(clock.now().getTime() - keptMs);
    const remove = (tx: Tx) =>
      tx.execute(sql`
        delete from ${carts} where (store_id, id) in (
          select store_id, id from ${carts} where expires_at < ${before.toISOString()}::timestamptz limit 5000 for update skip locked)`);
    for (let removed = await sweep(remove); removed.count > 0 && !signal.aborted; removed = await sweep(remove)) {
      log.info({ count: removed.count }, 'Old carts are gone.');
    }
  },
});
