export const orderStatuses = ['DRAFT', 'OPEN', 'COMPLETED', 'CANCELLED', 'EXPIRED'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const paymentStatuses = ['PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'OVERPAID', 'PARTIALLY_REFUNDED', 'REFUNDED'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

export const fulfillmentStatuses = ['UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'PARTIALLY_RETURNED', 'RETURNED'] as const;
export type FulfillmentStatus = (typeof fulfillmentStatuses)[number];

export const summaryStatuses = ['PENDING', 'PAID', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'CANCELLED', 'REFUNDED'] as const;
export type SummaryStatus = (typeof summaryStatuses)[number];

/** The states in which an order can begin. */
export const initialStatuses: readonly OrderStatus[] = ['DRAFT', 'OPEN'];

/** Which state may follow which. Payment and goods are axes of their own and follow from amounts and units. */
export const nextStatuses: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  // A draft that is not wanted is deleted.
  DRAFT: ['OPEN'],
  OPEN: ['COMPLETED', 'CANCELLED', 'EXPIRED'],
  COMPLETED: [],
  CANCELLED: [],
  EXPIRED: [],
};

export const canBecome = (from: OrderStatus, to: OrderStatus): boolean => nextStatuses[from].includes(to);

/** The orders that count as sales: in a customer's metrics, and in the store's. */
export const countedStatuses: readonly OrderStatus[] = ['OPEN', 'COMPLETED'];

/** What an order costs, and what has been done about it. `authorized` is what is held and not captured. */
export interface MoneyFacts {
  readonly total: bigint;
  readonly authorized: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
}

export interface GoodsFacts {
  readonly orderedUnits: number;
  readonly allocatedUnits: number;
  readonly shippedUnits: number;
  readonly deliveredUnits: number;
  readonly returnedUnits: number;
}

export function paymentStatusOf({ total, authorized, captured, refunded }: MoneyFacts): PaymentStatus {
  // Giving back no more than what was paid too much leaves the order paid.
  const excess = captured - total;
  if (refunded > 0n && refunded > excess) return refunded === captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (captured - refunded > total) return 'OVERPAID';
  if (captured - refunded === total) return 'PAID';
  if (captured > 0n) return 'PARTIALLY_PAID';
  return authorized > 0n ? 'AUTHORIZED' : 'PENDING';
}

/** Units count once they have left: a parcel that is only packed can still be unpacked. */
export function fulfillmentStatusOf({ orderedUnits, shippedUnits, returnedUnits }: GoodsFacts): FulfillmentStatus {
  if (returnedUnits > 0) return returnedUnits === orderedUnits ? 'RETURNED' : 'PARTIALLY_RETURNED';
  if (shippedUnits === 0) return 'UNFULFILLED';
  return shippedUnits === orderedUnits ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

export interface OrderFacts extends MoneyFacts, GoodsFacts {
  readonly status: OrderStatus;
}

/** One word for people, from the three axes. The first rule that fits decides; the README shows them as a table. */
export function summaryStatusOf(order: OrderFacts): SummaryStatus {
  if (order.status === 'DRAFT') return 'PENDING';
  if (order.status === 'CANCELLED' || order.status === 'EXPIRED') return 'CANCELLED';
  if (paymentStatusOf(order) === 'REFUNDED') return 'REFUNDED';
  if (order.status === 'COMPLETED') return 'COMPLETED';
  if (order.deliveredUnits === order.orderedUnits) return 'DELIVERED';
  if (order.shippedUnits === order.orderedUnits) return 'SHIPPED';
  if (order.allocatedUnits > 0) return 'PROCESSING';
  return isCovered(order) ? 'PAID' : 'PENDING';
}

/** Whether the store has, or has had, all that the order costs. */
export const isCovered = ({ captured, total }: MoneyFacts): boolean => captured >= total;

/** What is still to pay, or, below zero, to give back, for the store to have exactly what the order costs. */
export const balanceOf = ({ total, captured, refunded }: MoneyFacts): bigint => total - (captured - refunded);

/** What can be done with a draft only, and not with one. */
export type DraftRefusal = 'NOT_A_DRAFT';

export const draftRefusal = ({ status }: Pick<OrderFacts, 'status'>): DraftRefusal | null => (status === 'DRAFT' ? null : 'NOT_A_DRAFT');

export type PlaceDraftRefusal = DraftRefusal | 'EMPTY';

export const placeDraftRefusal = (order: Pick<OrderFacts, 'status' | 'orderedUnits'>): PlaceDraftRefusal | null =>
  draftRefusal(order) ?? (order.orderedUnits === 0 ? 'EMPTY' : null);

export type EditRefusal = 'ORDER_IS_DRAFT' | 'ORDER_CLOSED' | 'ALREADY_SHIPPED';

/** What was ordered can be changed until something of it has left. */
export function editRefusal(order: OrderFacts): EditRefusal | null {
  if (order.status === 'DRAFT') return 'ORDER_IS_DRAFT';
  if (order.status !== 'OPEN') return 'ORDER_CLOSED';
  return order.shippedUnits > 0 ? 'ALREADY_SHIPPED' : null;
}

/**
 * What held all of an order has kept it from being given up: it is not given up for what is missing since, of an edit or a payment that was let go.
 * Staff have it in hand.
 */
export const keptFromExpiry = (order: Pick<MoneyFacts, 'authorized' | 'total'>, missing: bigint): { expiresAt?: null } =>
  order.authorized >= order.total && missing > 0n ? { expiresAt: null } : {};

export const returnRefusal = (order: GoodsFacts): 'NOTHING_TO_RETURN' | null =>
  order.shippedUnits > order.returnedUnits ? null : 'NOTHING_TO_RETURN';

export type CancelRefusal = 'ORDER_IS_DRAFT' | 'ALREADY_CANCELLED' | 'ALREADY_SHIPPED' | 'ORDER_CLOSED';

export function cancelRefusal(order: OrderFacts): CancelRefusal | null {
  if (order.status === 'DRAFT') return 'ORDER_IS_DRAFT';
  if (order.status === 'CANCELLED') return 'ALREADY_CANCELLED';
  if (!canBecome(order.status, 'CANCELLED')) return 'ORDER_CLOSED';
  return order.shippedUnits > 0 ? 'ALREADY_SHIPPED' : null;
}

export type CompleteRefusal = 'ALREADY_COMPLETED' | 'ORDER_CLOSED' | 'NOT_PAID' | 'NOT_FULFILLED';

export function completeRefusal(order: OrderFacts): CompleteRefusal | null {
  if (order.status === 'COMPLETED') return 'ALREADY_COMPLETED';
  if (!canBecome(order.status, 'COMPLETED')) return 'ORDER_CLOSED';
  if (!isCovered(order)) return 'NOT_PAID';
  return order.shippedUnits < order.orderedUnits ? 'NOT_FULFILLED' : null;
}

export type FulfillRefusal = 'ORDER_CLOSED' | 'NOTHING_TO_FULFILL';

export function fulfillRefusal(order: OrderFacts): FulfillRefusal | null {
  if (order.status !== 'OPEN') return 'ORDER_CLOSED';
  return order.allocatedUnits === order.orderedUnits ? 'NOTHING_TO_FULFILL' : null;
}

/** Money that arrives is a fact whatever became of the order; only a draft has no payments yet. */
export const payRefusal = (order: OrderFacts): 'ORDER_IS_DRAFT' | null => (order.status === 'DRAFT' ? 'ORDER_IS_DRAFT' : null);

/** `granted`: what is promised to refunds that have not gone back yet. */
const refundRefusal = ({ captured, refunded, granted = 0n }: OrderFacts & { readonly granted?: bigint }): 'NOTHING_TO_REFUND' | null =>
  captured > refunded + granted ? null : 'NOTHING_TO_REFUND';

export interface Transition {
  readonly name: string;
  readonly allowed: boolean;
  readonly reason: string | null;
}

export const transition = (name: string, reason: string | null): Transition => ({ name, allowed: reason === null, reason });

/** What can be done with an order now, by the name of its mutation, and the code with which that mutation would refuse. */
export const orderTransitions = (order: OrderFacts & { readonly granted?: bigint }): Transition[] => [
  transition('orderDraftUpdate', draftRefusal(order)),
  transition('orderDraftComplete', placeDraftRefusal(order)),
  transition('orderDraftDelete', draftRefusal(order)),
  transition('orderEdit', editRefusal(order)),
  transition('orderCancel', cancelRefusal(order)),
  transition('orderComplete', completeRefusal(order)),
  transition('orderPaymentRecord', payRefusal(order)),
  transition('orderRefund', refundRefusal(order)),
  transition('fulfillmentCreate', fulfillRefusal(order)),
  transition('returnRequest', returnRefusal(order)),
];
