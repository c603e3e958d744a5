set session cte_max_recursion_depth = ${customers};

insert into customer (name, phone, city, note, created_at, version)
with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${customers})
select concat(
           elt(1 + n % 20,
               'Ada', 'Alan', 'Barbara', 'Claude', 'Dorothy', 'Edsger', 'Frances', 'Grace', 'Hedy', 'John',
               'Joan', 'Ken', 'Leslie', 'Margaret', 'Niklaus', 'Radia', 'Richard', 'Sophie', 'Tony', 'Yukihiro'),
           ' ',
           elt(1 + n div 20 % 25,
               'Abbott', 'Baker', 'Clarke', 'Davies', 'Evans', 'Foster', 'Green', 'Hughes', 'Irving', 'Jones',
               'Khan', 'Lewis', 'Morgan', 'Nolan', 'Owens', 'Parker', 'Quinn', 'Roberts', 'Smith', 'Taylor',
               'Underwood', 'Vaughan', 'Walker', 'Young', 'Zimmer')),
       concat('+44 20 ', lpad(n, 8, '0')),
       elt(1 + n % 7, 'London', 'Leeds', 'Bristol', 'Glasgow', 'Cardiff', 'Belfast', 'York'),
       if(n % 10 = 0, 'prefers the evening', null),
       timestampadd(minute, n * 10, '2020-01-01 00:00:00'),
       0
from numbers;
