-- Roles of a store's own come and go. One that is gone stays as a row: former members and old invitations still name it.
alter table accounts.roles add column description text;
alter table accounts.roles add column deleted_at timestamptz(3);
alter table accounts.roles drop constraint roles_name_unique;
create unique index roles_name_unique on accounts.roles (store_id, lower(name)) where deleted_at is null;
alter table accounts.roles add constraint roles_built_in_stay check (key is null or deleted_at is null);
revoke update, delete on accounts.roles from :"app";
grant update (name, description, permissions, deleted_at, updated_at) on accounts.roles to :"app";

-- What was done: which fields the input gave, by name alone, and why, where a reason is asked for.
alter table accounts.activities add column fields text[] not null default '{}';
alter table accounts.activities add column reason text;
create index activities_of_performers on accounts.activities (store_id, actor_kind, occurred_at desc, id desc);
