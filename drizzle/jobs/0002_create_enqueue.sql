-- Requests reach the queue through `enqueue` alone. The roles of workers (:"systems"), which no request can become, are pg-boss, each for the queues of its domain;
-- :"system" is that for the whole deployment. Roles are <prefix>_<domain> and <prefix>_<domain>_system, and a domain's name has no underscore.
revoke all on all tables in schema jobs from :"app";
revoke all on all functions in schema jobs from :"app";
grant usage on schema jobs to :"apps", :"systems";
grant execute on function jobs.job_now(), jobs.create_queue(text, jsonb), jobs.job_table_format(text, text) to :"systems", :"lookup";
grant select, insert, update, delete on jobs.queue, jobs.job, jobs.job_common, jobs.schedule, jobs.job_dependency to :"systems";
grant select, update on jobs.version to :"systems";
grant select, insert on jobs.queue, jobs.job_common to :"lookup";

do $$
declare
  name text;
begin
  for name in select c.relname from pg_class c where c.relnamespace = 'jobs'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
    and not c.relrowsecurity
  loop
    execute format('alter table jobs.%I enable row level security', name);
    execute format('alter table jobs.%I force row level security', name);
    execute format('create policy deployment on jobs.%I to %I using (true)', name, :'prefix' || '_jobs_system');
  end loop;
  foreach name in array array['queue', 'job', 'job_common', 'schedule'] loop
    execute format($policy$create policy own on jobs.%I to %I using (split_part(name, '.', 1) = split_part(current_user, '_', -2))$policy$, name, :'prefix' || '_systems');
  end loop;
end $$;
create policy own on jobs.job_dependency to :"systems" using (split_part(child_name, '.', 1) = split_part(current_user, '_', -2));
create policy shared on jobs.version to :"systems" using (true);
create policy enqueue on jobs.queue to :"lookup" using (true);
create policy enqueue on jobs.job_common to :"lookup" using (true);

-- As pg-boss' own insert does it.
create function jobs.insert_job(queue text, data jsonb, start_at timestamptz, key text) returns uuid
  language sql set search_path = pg_catalog, pg_temp as $$
  insert into jobs.job_common (name, data, start_after, created_on, singleton_key, expire_seconds, deletion_seconds, keep_until, retry_limit, retry_delay,
    retry_backoff, retry_delay_max, policy, dead_letter, heartbeat_seconds)
  select q.name, insert_job.data, coalesce(start_at, jobs.job_now()), jobs.job_now(), key, q.expire_seconds, q.deletion_seconds,
    coalesce(start_at, jobs.job_now()) + q.retention_seconds * interval '1 second', q.retry_limit, q.retry_delay,
    q.retry_backoff, q.retry_delay_max, q.policy, q.dead_letter, q.heartbeat_seconds
  from jobs.queue q where q.name = insert_job.queue
  returning id
$$;
revoke all on function jobs.insert_job(text, jsonb, timestamptz, text) from public, :"app";
grant execute on function jobs.insert_job(text, jsonb, timestamptz, text) to :"systems", :"lookup";

-- Puts a job into a queue of the calling role's domain, in the caller's transaction and bound to its store. Makes the queue where no worker has done so yet.
-- With a key: while a job of that key is waiting, gives that one instead of adding another.
create function jobs.enqueue(queue text, options jsonb, data jsonb, correlation text, start_at timestamptz, key text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- The role that the caller's transaction has taken; this function's own is another.
  domain text := split_part(current_setting('role'), '_', -1);
  made uuid;
begin
  if domain is null or split_part(queue, '.', 1) <> domain or queue !~ '^[a-z]+(\.[a-z0-9-]+)+$' or length(queue) > 100 then
    raise insufficient_privilege using message = format('the queue %s does not belong to the role %s', queue, current_setting('role'));
  end if;
  if length(data::text) > 100000 then
    raise program_limit_exceeded using message = 'a job holds ids, not content';
  end if;
  if key is not null then
    perform pg_advisory_xact_lock(hashtextextended('storegraph.jobs.key.' || queue || ' ' || key, 0));
    select j.id into made from jobs.job_common j where j.name = enqueue.queue and j.singleton_key = key and j.state < 'active' order by j.created_on limit 1;
    if found then
      return made;
    end if;
  end if;
  if not exists (select from jobs.queue q where q.name = enqueue.queue) then
    perform jobs.create_queue(queue || '.dead', '{"policy": "standard"}');
    perform jobs.create_queue(queue, (options - 'partition') || jsonb_build_object('policy', 'standard', 'deadLetter', queue || '.dead'));
  end if;
  return jobs.insert_job(queue, jsonb_build_object('storeId', nullif(current_setting('app.store_id', true), ''), 'correlationId', correlation, 'data', data), start_at, key);
end $$;
alter function jobs.enqueue(text, jsonb, jsonb, text, timestamptz, text) owner to :"lookup";
revoke all on function jobs.enqueue(text, jsonb, jsonb, text, timestamptz, text) from public, :"app", :"system";
grant execute on function jobs.enqueue(text, jsonb, jsonb, text, timestamptz, text) to :"apps";
