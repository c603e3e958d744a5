CREATE TABLE IF NOT EXISTS customer (
    id     bigint PRIMARY KEY,
    credit numeric(10,2) NOT NULL
);
