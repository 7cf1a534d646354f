-- Merges of customers, of mails as of conversations: what is written under the id of a merged customer is the survivor's from the start.
create trigger forward_customer before insert or update of customer_id on messaging.email_logs for each row when (new.customer_id is not null) execute function messaging.forward_customer();
create trigger forward_customer before insert or update of customer_id on messaging.mailed_orders for each row when (new.customer_id is not null) execute function messaging.forward_customer();
