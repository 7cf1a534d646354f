import { transition, type OrderStatus, type Transition } from '../order/order.ts';

export const fulfillmentStates = ['PENDING', 'SHIPPED', 'DELIVERED', 'CANCELLED'] as const;
export type FulfillmentState = (typeof fulfillmentStates)[number];

/** The states that a parcel can be moved to, and the codes with which that is refused. */
interface Codes {
  readonly SHIPPED: 'ALREADY_SHIPPED' | 'ALREADY_DELIVERED' | 'ALREADY_CANCELLED' | 'ORDER_CLOSED';
  readonly DELIVERED: 'NOT_SHIPPED' | 'ALREADY_DELIVERED' | 'ALREADY_CANCELLED' | 'ORDER_CLOSED';
  readonly CANCELLED: 'ALREADY_DELIVERED' | 'ALREADY_CANCELLED' | 'ORDER_CLOSED' | 'UNITS_RETURNED';
}
export type Target = keyof Codes;
export type MoveRefusal<To extends Target = Target> = Codes[To];

/** From which states a parcel can't move to another: from all others it can. */
const refusals: { readonly [To in Target]: Readonly<Partial<Record<FulfillmentState, Codes[To]>>> } = {
  SHIPPED: { SHIPPED: 'ALREADY_SHIPPED', DELIVERED: 'ALREADY_DELIVERED', CANCELLED: 'ALREADY_CANCELLED' },
  DELIVERED: { PENDING: 'NOT_SHIPPED', DELIVERED: 'ALREADY_DELIVERED', CANCELLED: 'ALREADY_CANCELLED' },
  // A parcel that left and was lost is cancelled as well: its units can be sent again.
  CANCELLED: { DELIVERED: 'ALREADY_DELIVERED', CANCELLED: 'ALREADY_CANCELLED' },
};

/** Why a parcel can't move to a state, or null when it can. Once the order is completed only a delivery can still be reported. */
export function moveRefusal<To extends Target>(from: FulfillmentState, to: To, order: OrderStatus): MoveRefusal<To> | null {
  const known: Codes[To] | undefined = refusals[to][from];
  const open = order === 'OPEN' || (order === 'COMPLETED' && to === 'DELIVERED');
  return known ?? (open ? null : 'ORDER_CLOSED');
}

export const fulfillmentTransitions = (state: FulfillmentState, order: OrderStatus): Transition[] => [
  transition('fulfillmentShip', moveRefusal(state, 'SHIPPED', order)),
  transition('fulfillmentDeliver', moveRefusal(state, 'DELIVERED', order)),
  transition('fulfillmentCancel', moveRefusal(state, 'CANCELLED', order)),
];

/** By how much one unit of a parcel changes its line's counters when the parcel moves. */
export function counterChange(from: FulfillmentState, to: FulfillmentState): { allocated: number; shipped: number; delivered: number } {
  const held = (state: FulfillmentState) => ({
    allocated: state === 'CANCELLED' ? 0 : 1,
    shipped: state === 'SHIPPED' || state === 'DELIVERED' ? 1 : 0,
    delivered: state === 'DELIVERED' ? 1 : 0,
  });
  const [before, after] = [held(from), held(to)];
  return {
    allocated: after.allocated - before.allocated,
    shipped: after.shipped - before.shipped,
    delivered: after.delivered - before.delivered,
  };
}
