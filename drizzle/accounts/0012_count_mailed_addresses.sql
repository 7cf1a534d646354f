-- Mails that somebody who need not be its owner has sent to an address: by sign-up, and by asking for a change to it.
alter table accounts.attempts drop constraint attempts_purpose;
alter table accounts.attempts add constraint attempts_purpose check (purpose in
  ('LOG_IN', 'SECOND_FACTOR', 'REAUTHENTICATION', 'PASSWORD_RESET', 'TOKEN', 'MAIL', 'SIGN_UP', 'INVITATION', 'INVITED_ADDRESS', 'MAILED_ADDRESS', 'MEMBER_CREATE'));
