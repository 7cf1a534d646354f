-- Uses up the token of a password's reset. Whoever has it reads the user's mail: an address that was never verified is so from now on, which the row
-- tells. No row when the token is good no more. A change of the address ends the tokens that were sent to the former one (verify_email).
create function accounts.use_password_reset(hash text, moment timestamptz)
returns table (first_proof boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  person uuid;
begin
  select t.user_id into person from accounts.one_time_tokens t where t.token_hash = hash;
  -- The person first, as everywhere.
  perform from accounts.users u where u.user_id = person for no key update;
  update accounts.one_time_tokens t set used_at = moment
    where t.token_hash = hash and t.purpose = 'PASSWORD_RESET' and t.used_at is null and t.ended_at is null and t.expires_at > moment;
  if not found then
    return;
  end if;
  update accounts.users u set email_verified_at = moment, updated_at = moment where u.user_id = person and u.email_verified_at is null;
  return query select found;
end
$$;
alter function accounts.use_password_reset(text, timestamptz) owner to :"lookup";
revoke all on function accounts.use_password_reset(text, timestamptz) from public;
grant execute on function accounts.use_password_reset(text, timestamptz) to :"app";
