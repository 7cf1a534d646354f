-- What each consumer of the domain has handled, recorded in the transaction of its effect. Written by the kernel alone, for events of any store.
create table handled_events (
  consumer text not null,
  event_id uuid not null,
  position bigint not null,
  handled_at timestamptz not null default now(),
  primary key (consumer, event_id)
);

alter table handled_events enable row level security;
alter table handled_events force row level security;

create policy kernel_own on handled_events for all
  using (current_setting('app.kind', true) = 'SYSTEM')
  with check (current_setting('app.kind', true) = 'SYSTEM');
revoke update on handled_events from :"app";
