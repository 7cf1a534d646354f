import type { Id } from '@storegraph/core';
import type { Connection } from '@storegraph/database';
import type { ExportRow } from '@storegraph/exports';
import type { PricedCartLine } from './cart/resolvers.ts';
import type { CartView } from './cart/view.ts';
import type { DiscountAmountRow, DiscountCodeBatchRow, DiscountCodeRow, DiscountRedemptionRow, DiscountRow } from './discount/tables.ts';
import type { Change } from './edit/change.ts';
import type { FulfillmentLineRow, FulfillmentRow } from './fulfillment/tables.ts';
import type { FeedEntry } from './live/feed.ts';
import type { GiftCardEntryRow, GiftCardRow } from './gift-card/tables.ts';
import type { AllocationRow, OrderEventRow, OrderLineRow, OrderRow } from './order/tables.ts';
import type { OrderPaymentRow, RefundLineRow, RefundPaymentRow, RefundRow } from './payment/tables.ts';
import type { ReturnLineRow, ReturnRow } from './return/tables.ts';

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
export type OrderChange = Change & InCurrency;
export type OrderPayment = OrderPaymentRow;
export type Refund = RefundRow;
export type RefundConnection = Connection<RefundRow>;
export type RefundPayment = RefundPaymentRow & InCurrency;
export type RefundLine = RefundLineRow & InCurrency;
export type Fulfillment = FulfillmentRow;
export type FulfillmentLine = FulfillmentLineRow;
export type OrderEventUpdate = FeedEntry;
export type OrderExport = ExportRow;
export type OrderExportConnection = Connection<ExportRow>;
export type Return = ReturnRow;
export type ReturnLine = ReturnLineRow;
export type { ReturnConnection } from './return/queries.ts';
export type { OrderConnection } from './order/queries.ts';
export type Cart = CartView;
export type CartConnection = Connection<CartView>;
export type CartLine = PricedCartLine;
export type CartOrder = OrderRow;
export type Discount = DiscountRow;
export type DiscountConnection = Connection<DiscountRow>;
export type DiscountAmount = DiscountAmountRow;
export type DiscountCode = DiscountCodeRow;
export type DiscountCodeConnection = Connection<DiscountCodeRow>;
export type DiscountCodeBatch = DiscountCodeBatchRow;
export type DiscountRedemption = DiscountRedemptionRow;
export type DiscountRedemptionConnection = Connection<DiscountRedemptionRow>;
export type GiftCard = GiftCardRow;
export type GiftCardConnection = Connection<GiftCardRow>;
export type GiftCardEntry = GiftCardEntryRow & InCurrency;
export type GiftCardEntryConnection = Connection<GiftCardEntryRow & InCurrency>;
export type GiftCardEnquiry = GiftCardRow;
