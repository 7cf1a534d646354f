-- What platform staff see of the queue, and do to it, through the role of accounts' requests alone. Internal queues of pg-boss are left out, and a dead letter
-- stands for its job only once the job itself is gone: until then they are the same failure.
create index job_common_in_order on jobs.job_common (created_on desc, id desc);
create index job_common_of_queue on jobs.job_common (name, created_on desc, id desc);
grant update, delete on jobs.job_common to :"lookup";

-- Rows are shown only as far as they are of a sensible size: a job that holds a novel must not keep the list from answering.
create function jobs.shown(content jsonb) returns jsonb
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when pg_column_size(content) <= 20000 then content end
$$;

-- The state in the words of the graph. A dead letter is a job that failed for good.
create function jobs.state_of(name text, state jobs.job_state) returns text
  language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case
    when name like '%.dead' then 'FAILED'
    when state < 'active' then 'PENDING'
    when state = 'active' then 'PROCESSING'
    else upper(state::text)
  end
$$;

-- A page of jobs, the latest first. Null stands for no condition; the place to go on from is `placed`, as text, since it is finer than a millisecond.
create function jobs.list_jobs(queues text[], states text[], ids uuid[], before_at text, before_id uuid, size integer)
  returns table (id uuid, name text, state text, retry_limit integer, retry_count integer, priority integer, created_on timestamptz, start_after timestamptz,
    started_on timestamptz, completed_on timestamptz, data jsonb, output jsonb, too_large boolean, placed text)
  language sql stable security definer rows 100 set search_path = pg_catalog, pg_temp set plan_cache_mode = force_custom_plan as $$
  select j.id, j.name, jobs.state_of(j.name, j.state), j.retry_limit, coalesce(j.source_retry_count, j.retry_count), j.priority, j.created_on, j.start_after,
    coalesce(j.started_on, j.source_created_on), j.completed_on, jobs.shown(j.data), jobs.shown(coalesce(j.output, j.source_output)),
    coalesce(pg_column_size(j.data), 0) > 20000 or coalesce(pg_column_size(coalesce(j.output, j.source_output)), 0) > 20000,
    (j.created_on at time zone 'UTC')::text
  from jobs.job_common j
  where current_setting('app.kind', true) = 'PLATFORM'
    and j.name not like '\_\_%'
    and (queues is null or j.name = any (queues || array(select q || '.dead' from unnest(queues) q)))
    and (states is null or jobs.state_of(j.name, j.state) = any (states))
    and (ids is null or j.id = any (ids))
    and not (j.source_id is not null and exists (select from jobs.job_common s where s.name = j.source_name and s.id = j.source_id))
    and (before_at is null or (j.created_on, j.id) < (before_at::timestamp at time zone 'UTC', before_id))
  order by j.created_on desc, j.id desc
  limit least(size, 101)
$$;

-- Has a job that failed for good, or was cancelled, tried once more. Its dead letter goes, so that nobody tries it twice; the dead letter of a job that is gone
-- itself begins anew. Gives the job that will run, or null where there is none to try.
create function jobs.retry_job(job uuid) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  known jobs.job_common;
  made uuid;
begin
  if coalesce(current_setting('app.kind', true), '') <> 'PLATFORM' then
    return null;
  end if;
  select j.* into known from jobs.job_common j where j.id = job and j.name not like '\_\_%' for update;
  if not found then
    return null;
  end if;
  if known.name like '%.dead' then
    if exists (select from jobs.job_common s where s.name = known.source_name and s.id = known.source_id) then
      return null;
    end if;
    made := jobs.insert_job(left(known.name, -5), known.data, null, known.singleton_key);
    if made is not null then
      delete from jobs.job_common j where j.name = known.name and j.id = known.id;
    end if;
    return made;
  end if;
  if known.state not in ('failed', 'cancelled') then
    return null;
  end if;
  update jobs.job_common j set state = case when j.started_on is null then 'created' else 'retry' end::jobs.job_state,
    retry_limit = greatest(j.retry_limit, j.retry_count + 1), start_after = jobs.job_now(), completed_on = null,
    keep_until = greatest(j.keep_until, jobs.job_now() + interval '3 days')
  where j.name = known.name and j.id = known.id;
  delete from jobs.job_common d where d.name = known.dead_letter and d.source_id = known.id;
  return known.id;
end $$;

-- Takes a job back that waits or runs; one that runs is told to stop at its next heartbeat. Gives whether there was one to cancel.
create function jobs.cancel_job(job uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(current_setting('app.kind', true), '') <> 'PLATFORM' then
    return false;
  end if;
  update jobs.job_common j set state = 'cancelled', completed_on = jobs.job_now()
  where j.id = job and j.state < 'completed' and j.name not like '%.dead' and j.name not like '\_\_%';
  return found;
end $$;

alter function jobs.list_jobs(text[], text[], uuid[], text, uuid, integer) owner to :"lookup";
alter function jobs.retry_job(uuid) owner to :"lookup";
alter function jobs.cancel_job(uuid) owner to :"lookup";
revoke all on function jobs.shown(jsonb), jobs.state_of(text, jobs.job_state), jobs.list_jobs(text[], text[], uuid[], text, uuid, integer), jobs.retry_job(uuid), jobs.cancel_job(uuid)
  from public, :"app", :"system";
grant execute on function jobs.shown(jsonb), jobs.state_of(text, jobs.job_state) to :"lookup";
do $$
begin
  -- Jobs may be migrated where there are no accounts, as in tests of the queue.
  if exists (select from pg_roles where rolname = :'prefix' || '_accounts') then
    execute format('grant execute on function jobs.list_jobs(text[], text[], uuid[], text, uuid, integer), jobs.retry_job(uuid), jobs.cancel_job(uuid) to %I', :'prefix' || '_accounts');
  end if;
end $$;
