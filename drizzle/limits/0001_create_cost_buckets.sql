-- The buckets of points that several gateways share. They are empty after a crash of the server, which means full: nobody loses anything by it.
create unlogged table cost_buckets (
  -- A store and an API key, user, shopper or network address of it.
  key text primary key,
  -- What was used of the bucket after the last operation, or would have been had there been enough.
  used double precision not null,
  -- When it will be full again, in milliseconds since 1970. It fills by a rate, so that its level at any moment follows from this.
  full_at double precision not null
) with (fillfactor = 50);

alter table cost_buckets enable row level security;
alter table cost_buckets force row level security;
revoke all on cost_buckets from :"app", :"system";

-- The gateway's login has no role of its own: this is all that it may do.
do $$
begin
  execute format('grant usage on schema limits to %I', :'prefix' || '_gateway_login');
  execute format('grant select, insert, update, delete on cost_buckets to %I', :'prefix' || '_gateway_login');
  execute format('create policy gateways on cost_buckets to %I using (true) with check (true)', :'prefix' || '_gateway_login');
end $$;
