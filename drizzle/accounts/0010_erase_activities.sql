-- The log of what was done stays as it is, but for what is personal of somebody who is erased.
grant update (ip, user_agent, reason) on accounts.activities to :"app";
