-- What a signing key is for follows from when it and the next one begin to sign; nothing is switched. `generation` numbers them: of two processes
-- that make the next key at once, one does.
alter table accounts.signing_keys add column generation integer;
alter table accounts.signing_keys add column signs_from timestamptz(3) not null default now();
update accounts.signing_keys k set signs_from = k.created_at, generation = n.number
  from (select id, row_number() over (order by created_at, id) as number from accounts.signing_keys) n where n.id = k.id;
-- The one that was current has been made last, or was made current since: it goes on.
update accounts.signing_keys k set signs_from = greatest(k.signs_from, (select max(o.signs_from) from accounts.signing_keys o) + interval '1 millisecond')
  where k.is_current and exists (select from accounts.signing_keys o where o.signs_from > k.signs_from);
alter table accounts.signing_keys alter column generation set not null;
alter table accounts.signing_keys add constraint signing_keys_generation_unique unique (generation);
alter table accounts.signing_keys drop column is_current;
create policy sweep on accounts.signing_keys for all to :"system" using (true) with check (true);
grant delete on accounts.signing_keys to :"app";
