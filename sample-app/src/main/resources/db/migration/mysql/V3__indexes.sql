create index customer_name on customer (name);
create index customer_phone on customer (phone);
analyze table customer;
