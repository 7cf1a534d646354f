import type { TestDatabase } from '../../src/database.ts';

export type TableClass = 'tenant' | 'user' | 'platform' | 'kernel';

/**
 * Every table there is, with what its rows belong to: written here by hand, so that a new table is placed by somebody who reads this.
 * The kernel's own stand in each domain's schema.
 */
export const classes: Readonly<Record<string, Readonly<Record<string, TableClass>>>> = {
  accounts: {
    activities: 'tenant',
    api_key_secrets: 'tenant',
    api_keys: 'tenant',
    attempts: 'platform',
    backup_codes: 'user',
    invitations: 'tenant',
    members: 'tenant',
    one_time_tokens: 'user',
    passwords: 'user',
    platform_entries: 'tenant',
    platform_staff: 'user',
    refresh_tokens: 'user',
    roles: 'tenant',
    sessions: 'user',
    signing_keys: 'platform',
    store_names: 'platform',
    stores: 'tenant',
    totp_devices: 'user',
    users: 'user',
  },
  customers: {
    accounts: 'tenant',
    addresses: 'tenant',
    attempts: 'tenant',
    contact_points: 'tenant',
    customer_import_rejections: 'tenant',
    customer_imports: 'tenant',
    export_chunks: 'tenant',
    exports: 'tenant',
    customer_tags: 'tenant',
    customers: 'tenant',
    erasure_parts: 'tenant',
    erasures: 'tenant',
    merges: 'tenant',
    one_time_tokens: 'tenant',
    passwords: 'tenant',
    refresh_tokens: 'tenant',
    sessions: 'tenant',
    sign_ups: 'tenant',
    signing_keys: 'platform',
    stores: 'tenant',
  },
  orders: {
    customer_erasures: 'tenant',
    customer_moves: 'tenant',
    known_merges: 'tenant',
    cart_lines: 'tenant',
    carts: 'tenant',
    discount_amounts: 'tenant',
    discount_code_batches: 'tenant',
    discount_code_requests: 'tenant',
    discount_codes: 'tenant',
    discount_customers: 'tenant',
    discount_guesses: 'tenant',
    discount_redemptions: 'tenant',
    discounts: 'tenant',
    export_chunks: 'tenant',
    exports: 'tenant',
    fulfillment_lines: 'tenant',
    fulfillments: 'tenant',
    gift_card_entries: 'tenant',
    gift_card_guesses: 'tenant',
    gift_card_holds: 'tenant',
    gift_card_keys: 'tenant',
    gift_card_settings: 'tenant',
    gift_card_totals: 'tenant',
    gift_cards: 'tenant',
    known_customers: 'tenant',
    known_stores: 'tenant',
    order_counters: 'tenant',
    order_discount_allocations: 'tenant',
    order_events: 'tenant',
    order_feeds: 'tenant',
    order_lines: 'tenant',
    order_payments: 'tenant',
    order_settings: 'tenant',
    orders: 'tenant',
    refund_lines: 'tenant',
    refund_payments: 'tenant',
    refunds: 'tenant',
    return_lines: 'tenant',
    returns: 'tenant',
  },
  messaging: {
    conversation_events: 'tenant',
    conversation_labels: 'tenant',
    conversations: 'tenant',
    customer_erasures: 'tenant',
    customer_moves: 'tenant',
    email_events: 'tenant',
    email_logs: 'tenant',
    email_settings: 'tenant',
    email_templates: 'platform',
    inbox_feeds: 'tenant',
    known_customers: 'tenant',
    known_members: 'tenant',
    known_merges: 'tenant',
    known_stores: 'tenant',
    macros: 'tenant',
    mailed_orders: 'tenant',
    message_revisions: 'tenant',
    messages: 'tenant',
    participants: 'tenant',
    platform_email_events: 'platform',
    platform_email_logs: 'platform',
    platform_suppressions: 'platform',
    scheduled_messages: 'tenant',
    store_email_templates: 'tenant',
    suppressions: 'tenant',
  },
};

/** Tables of the platform's own that a store's people may read, and never write: what they hold is nobody's. */
export const readByStores: readonly string[] = ['messaging.email_templates'];

/** The PostgreSQL schemas of the domains, as a list in SQL. */
export const domainList = Object.keys(classes)
  .map((name) => `'${name}'`)
  .join(', ');
export const kernelTables = ['handled_events', 'idempotency_keys', 'schema_migrations'];

export interface TableFacts extends Record<string, unknown> {
  readonly schema: string;
  readonly name: string;
  readonly secured: boolean;
  readonly columns: string[];
  readonly policies: { name: string; command: string; roles: string[]; using: string | null; check: string | null }[];
}

/** Every table of the deployment's schemas, from the catalog. */
export const tablesOf = (database: TestDatabase): Promise<TableFacts[]> =>
  database.admin<TableFacts>(`
    select n.nspname as schema, c.relname as name, c.relrowsecurity and c.relforcerowsecurity as secured,
      (select json_agg(a.attname order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      coalesce((select json_agg(json_build_object('name', p.policyname, 'command', p.cmd, 'roles', p.roles, 'using', p.qual, 'check', p.with_check) order by p.policyname)
        from pg_policies p where p.schemaname = n.nspname and p.tablename = c.relname), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_%'
    order by 1, 2`);

/** Tables of one class, as `schema.table`. */
export const tablesOfClass = (kind: TableClass): string[] =>
  Object.entries(classes).flatMap(([schema, tables]) =>
    Object.entries(tables).flatMap(([name, itsClass]) => (itsClass === kind ? [`${schema}.${name}`] : [])),
  );
