import type { Id } from '@storegraph/core';
import type { FulfillmentLineRow, FulfillmentRow } from './fulfillment/tables.ts';
import type { AllocationRow, OrderEventRow, OrderLineRow, OrderRow } from './order/tables.ts';
import type { OrderPaymentRow, RefundLineRow, RefundPaymentRow, RefundRow } from './payment/tables.ts';

// What the resolvers of a type are given as its parent.
interface InCurrency {
  readonly currency: string;
}

export interface Customer {
  readonly id: Id<'cus'>;
}
export interface Store {
  readonly id: Id<'sto'>;
}
export type Order = OrderRow;
export type OrderLine = OrderLineRow;
export type OrderDiscountAllocation = AllocationRow & InCurrency;
export type OrderEvent = OrderEventRow & InCurrency;
export type OrderPayment = OrderPaymentRow;
export type Refund = RefundRow;
export type RefundPayment = RefundPaymentRow & InCurrency;
export type RefundLine = RefundLineRow & InCurrency;
export type Fulfillment = FulfillmentRow;
export type FulfillmentLine = FulfillmentLineRow;
export type { OrderConnection } from './order/queries.ts';
