import type { IdentityKind } from '@storegraph/auth';
import { money, newId, type Id, type Money } from '@storegraph/core';
import { insertion, one, own, owned, unawaited, type Tx } from '@storegraph/database';
import { emit, orderPaid, type DraftEvent } from '@storegraph/events';
import { eq } from 'drizzle-orm';
import { countedStatuses, fulfillmentStatusOf, isCovered, paymentStatusOf } from './order.ts';
import { orderEvents, orders, type OrderEventKind, type OrderEventRow, type OrderRow } from './tables.ts';

/** What stands in every event of an order. */
export interface Stamp {
  readonly orderId: Id<'ord'>;
  readonly orderVersion: number;
  readonly customerId: Id<'cus'> | null;
}

/** Something that happened to an order: an entry of its timeline and, where others may care, an event. */
export interface Fact extends Partial<
  Pick<OrderEventRow, 'internal' | 'amount' | 'paymentId' | 'refundId' | 'fulfillmentId' | 'returnId' | 'reason' | 'changes'>
> {
  readonly kind: OrderEventKind;
  readonly event?: (stamp: Stamp, order: OrderRow) => DraftEvent;
}

type Changes = Partial<Omit<OrderRow, 'id' | 'storeId' | 'version' | 'paymentStatus' | 'fulfillmentStatus' | 'paidAt'>>;

export const inCurrencyOf = (order: Pick<OrderRow, 'currency'>, amount: bigint): Money => money(amount, order.currency);

/** Changes an order that has been locked and tells what happened: in the row, its timeline and the event log. Gives the order as it now is. */
export async function record(
  tx: Tx,
  order: OrderRow,
  changes: Changes,
  facts: readonly Fact[],
  at: Date,
  actor?: FactActor,
): Promise<OrderRow> {
  const changed = { ...order, ...changes };
  const told = [...facts, ...paidFact(changed)];
  const updated = one(
    await tx
      .update(orders)
      .set({
        ...changes,
        version: order.version + told.length,
        // A draft asks for no money yet, not even where it would cost none.
        paymentStatus: changed.status === 'DRAFT' ? 'PENDING' : paymentStatusOf(changed),
        fulfillmentStatus: fulfillmentStatusOf(changed),
        ...(told.length > facts.length ? { paidAt: at } : {}),
      })
      .where(own(tx, orders, eq(orders.id, order.id)))
      .returning(),
  );
  await tell(tx, updated, told, order.version, at, actor);
  return updated;
}

/** The fact that an order that counts has been paid, the first time that it is. Money for one that was cancelled is a payment and no sale. */
export const paidFact = (order: OrderRow): Fact[] =>
  order.paidAt || !countedStatuses.includes(order.status) || !isCovered(order)
    ? []
    : [
        {
          kind: 'PAID',
          amount: order.captured,
          event: (stamp, { total, captured }) =>
            orderPaid({ ...stamp, total: inCurrencyOf(order, total), captured: inCurrencyOf(order, captured) }),
        },
      ];

/** Who did something, where it is not the transaction's identity: a shopper's checkout is written by the system. */
export interface FactActor {
  readonly kind: IdentityKind;
  readonly id: Id | null;
}

const actorOf = ({ scope: { identity } }: Tx): FactActor => ({ kind: identity.kind, id: identity.subjectId });

/** Adds the facts to the timeline and to the event log. The first has the version after `version`. */
export async function tell(
  tx: Tx,
  order: OrderRow,
  facts: readonly Fact[],
  version: number,
  at: Date,
  { kind: actorKind, id: actorId }: FactActor = actorOf(tx),
): Promise<void> {
  const numbered = facts.map((fact, index) => ({ fact, sequence: version + index + 1 }));
  const events = numbered.flatMap(({ fact, sequence }) =>
    fact.event ? [fact.event({ orderId: order.id, orderVersion: sequence, customerId: order.customerId }, order)] : [],
  );
  const entries = numbered.map(({ fact, sequence }) =>
    owned(tx, {
      id: newId('oev'),
      orderId: order.id,
      customerId: order.customerId,
      sequence,
      kind: fact.kind,
      internal: fact.internal ?? false,
      actorKind,
      actorId,
      amount: fact.amount ?? null,
      paymentId: fact.paymentId ?? null,
      refundId: fact.refundId ?? null,
      fulfillmentId: fact.fulfillmentId ?? null,
      returnId: fact.returnId ?? null,
      reason: fact.reason ?? null,
      changes: fact.changes ?? null,
      occurredAt: at,
    }),
  );
  if (entries.length > 0) unawaited(tx, tx.execute(insertion(orderEvents, entries)));
  await emit(tx, ...events.map((event) => ({ ...event, occurredAt: at })));
}
