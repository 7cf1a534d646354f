import { sql, type SQL } from 'drizzle-orm';

/** What becomes of the rows of somebody who is erased. */
export interface Treatment {
  /** Columns that are personal, with what they become. */
  readonly blank: Readonly<Record<string, SQL>>;
  /** Why the rows stay: null for those of which nothing needs to be said, as they come with others. */
  readonly keep: 'TAX_RECORDS' | 'LEDGER' | 'AUDIT' | null;
}

const nothing = sql`null`;
const noTexts = sql`'{}'`;
/** The country decides the tax, and is all that stays of an address. */
const countryOf = (column: string): SQL => sql`case when ${sql.identifier(column)} is not null then jsonb_build_object(
  'name', null, 'company', null, 'line1', null, 'line2', null, 'city', null, 'region', null, 'postalCode', null, 'country', ${sql.identifier(column)} -> 'country', 'phone', null) end`;

/** By table. A test sees to it that every table with a customer is here, and that each of its columns of text is either blanked or known to be harmless. */
export const treatments: Readonly<Record<string, Treatment>> = {
  orders: {
    blank: {
      contact_name: nothing,
      contact_email: nothing,
      contact_phone: nothing,
      billing_address: countryOf('billing_address'),
      shipping_address: countryOf('shipping_address'),
      customer_note: nothing,
      note: nothing,
      tags: noTexts,
      metadata: sql`'{}'`,
    },
    keep: 'TAX_RECORDS',
  },
  order_lines: { blank: {}, keep: 'TAX_RECORDS' },
  order_discount_allocations: { blank: {}, keep: 'LEDGER' },
  order_events: { blank: {}, keep: 'AUDIT' },
  order_payments: { blank: {}, keep: 'LEDGER' },
  refunds: { blank: { note: nothing }, keep: 'TAX_RECORDS' },
  refund_payments: { blank: {}, keep: 'LEDGER' },
  refund_lines: { blank: {}, keep: 'TAX_RECORDS' },
  fulfillments: { blank: { tracking_number: nothing, tracking_url: nothing }, keep: 'AUDIT' },
  fulfillment_lines: { blank: {}, keep: 'AUDIT' },
  returns: { blank: { customer_note: nothing, note: nothing, decline_reason: nothing }, keep: 'TAX_RECORDS' },
  return_lines: { blank: {}, keep: 'TAX_RECORDS' },
  discount_codes: { blank: {}, keep: 'LEDGER' },
  discount_redemptions: { blank: {}, keep: 'LEDGER' },
  discount_customers: { blank: {}, keep: 'LEDGER' },
  gift_cards: {
    blank: {
      recipient_name: nothing,
      recipient_email: nothing,
      sender_name: nothing,
      message: nothing,
      note: nothing,
      tags: noTexts,
    },
    keep: 'LEDGER',
  },
  // An adjustment has a reason, and keeps the fact that it had one.
  gift_card_entries: { blank: { reason: sql`case when reason is not null then '' end` }, keep: 'LEDGER' },
  gift_card_holds: { blank: {}, keep: 'LEDGER' },
  carts: {
    blank: {
      contact_name: nothing,
      contact_email: nothing,
      contact_phone: nothing,
      billing_address: nothing,
      shipping_address: nothing,
      customer_note: nothing,
      token_hash: nothing,
      recovery_hash: nothing,
      recovery_url: nothing,
      // Nobody is to come back to it.
      expires_at: sql`least(expires_at, now())`,
    },
    keep: null,
  },
};

/** Columns of text and JSON that hold nothing of a person: states, references of other systems, what was sold. */
export const harmless: ReadonlySet<string> = new Set([
  'orders.currency',
  'orders.status',
  'orders.payment_status',
  'orders.fulfillment_status',
  'orders.source',
  'orders.external_id',
  'orders.cancel_reason',
  'orders.draft',
  'order_lines.sku',
  'order_lines.name',
  'order_lines.product_id',
  'order_lines.variant_id',
  'order_lines.currency',
  'order_discount_allocations.target',
  'order_discount_allocations.label',
  'order_events.kind',
  'order_events.actor_kind',
  'order_events.actor_id',
  'order_events.reason',
  'order_events.changes',
  'order_payments.tender',
  'order_payments.provider',
  'order_payments.external_id',
  'order_payments.currency',
  'refunds.source',
  'refunds.external_id',
  'refunds.currency',
  'refunds.reason',
  'refunds.status',
  'refund_payments.reference',
  'refund_lines.sku',
  'refund_lines.name',
  'fulfillments.status',
  'fulfillments.carrier',
  'returns.status',
  'return_lines.reason',
  'discount_codes.code',
  'discount_codes.normalized',
  'discount_redemptions.label',
  'discount_redemptions.code',
  'discount_redemptions.currency',
  'gift_cards.kind',
  'gift_cards.code_hash',
  'gift_cards.last_four',
  'gift_cards.currency',
  'gift_cards.requester',
  'gift_cards.request_key',
  // Made from the recipient's name.
  'gift_cards.search_name',
  'gift_card_entries.kind',
  'gift_card_entries.actor_kind',
  'gift_card_entries.actor_id',
  'carts.source',
  'carts.external_id',
  'carts.currency',
  'carts.discount_codes',
  'carts.shipping_name',
]);
