-- What customers send back: asked for, allowed, and received.
create table orders.returns (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  status text not null,
  -- Sums over the lines.
  units integer not null,
  received_units integer not null,
  customer_note text,
  note text,
  decline_reason text,
  requested_at timestamptz(3) not null,
  approved_at timestamptz(3),
  declined_at timestamptz(3),
  -- When units last arrived.
  received_at timestamptz(3),
  -- When it was cancelled, or the rest given up.
  cancelled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint returns_pkey primary key (store_id, id),
  constraint returns_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint returns_status_check check (status in ('REQUESTED', 'APPROVED', 'DECLINED', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CANCELLED', 'CLOSED')),
  constraint returns_units_check check (units > 0 and received_units between 0 and units),
  constraint returns_received_check check (
    case status
      when 'RECEIVED' then received_units = units
      when 'PARTIALLY_RECEIVED' then received_units > 0 and received_units < units
      when 'CLOSED' then received_units > 0 and received_units < units
      else received_units = 0
    end
  ),
  constraint returns_received_at_check check ((received_at is not null) = (received_units > 0)),
  constraint returns_declined_check check ((status = 'DECLINED') = (declined_at is not null)),
  constraint returns_cancelled_check check ((status in ('CANCELLED', 'CLOSED')) = (cancelled_at is not null))
);
create index returns_order_index on orders.returns (store_id, order_id);
create index returns_requested_index on orders.returns (store_id, requested_at, id);
create index returns_customer_index on orders.returns (store_id, customer_id, requested_at, id) where customer_id is not null;
-- What waits for the desk is little among much that is done.
create index returns_open_index on orders.returns (store_id, requested_at, id, status) where status in ('REQUESTED', 'APPROVED', 'PARTIALLY_RECEIVED');
alter table orders.returns enable row level security;
alter table orders.returns force row level security;
create policy store_isolation on orders.returns for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.returns for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.returns from :"app";

create table orders.return_lines (
  store_id uuid not null,
  id uuid not null,
  return_id uuid not null,
  line_id uuid not null,
  customer_id uuid,
  quantity integer not null,
  received integer not null,
  reason text not null,
  constraint return_lines_pkey primary key (store_id, id),
  constraint return_lines_line_key unique (store_id, return_id, line_id),
  constraint return_lines_return_fkey foreign key (store_id, return_id) references orders.returns (store_id, id),
  constraint return_lines_line_fkey foreign key (store_id, line_id) references orders.order_lines (store_id, id),
  constraint return_lines_quantity_check check (quantity > 0),
  -- Never more back than was announced, whatever runs at the same time.
  constraint return_lines_received_check check (received between 0 and quantity),
  constraint return_lines_reason_check check (
    reason in ('DAMAGED', 'DEFECTIVE', 'WRONG_ITEM', 'NOT_AS_DESCRIBED', 'SIZE', 'NO_LONGER_WANTED', 'NOT_DELIVERED', 'OTHER')
  )
);
create index return_lines_line_index on orders.return_lines (store_id, line_id);
alter table orders.return_lines enable row level security;
alter table orders.return_lines force row level security;
create policy store_isolation on orders.return_lines for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.return_lines for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.return_lines from :"app";
