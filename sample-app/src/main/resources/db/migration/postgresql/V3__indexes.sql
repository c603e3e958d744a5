-- For the search by prefix, which a plain index serves in the C locale only.
create index customer_name on customer (name varchar_pattern_ops);
create index customer_phone on customer (phone);
create index orders_customer on orders (customer_id);
analyze customer;
