create table customer (
    id         bigint       not null auto_increment primary key,
    name       varchar(200) not null,
    phone      varchar(40),
    city       varchar(100) not null,
    note       varchar(1000),
    created_at datetime(6)  not null,
    version    bigint       not null
);

create table orders (
    id           bigint       not null auto_increment primary key,
    customer_id  bigint       not null,
    item         varchar(200) not null,
    amount_cents bigint       not null check (amount_cents > 0),
    placed_at    datetime(6)  not null,
    version      bigint       not null,
    constraint orders_customer foreign key (customer_id) references customer (id)
);

create table payment (
    id           bigint      not null auto_increment primary key,
    order_id     bigint      not null unique,
    amount_cents bigint      not null,
    paid_at      datetime(6) not null,
    constraint payment_order foreign key (order_id) references orders (id)
);
