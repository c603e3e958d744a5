insert into customer (name, phone, city, note, created_at, version)
select (array ['Ada', 'Alan', 'Barbara', 'Claude', 'Dorothy', 'Edsger', 'Frances', 'Grace', 'Hedy', 'John',
               'Joan', 'Ken', 'Leslie', 'Margaret', 'Niklaus', 'Radia', 'Richard', 'Sophie', 'Tony', 'Yukihiro'])[1 + n % 20]
           || ' '
           || (array ['Abbott', 'Baker', 'Clarke', 'Davies', 'Evans', 'Foster', 'Green', 'Hughes', 'Irving', 'Jones',
                      'Khan', 'Lewis', 'Morgan', 'Nolan', 'Owens', 'Parker', 'Quinn', 'Roberts', 'Smith', 'Taylor',
                      'Underwood', 'Vaughan', 'Walker', 'Young', 'Zimmer'])[1 + (n / 20) % 25],
       '+44 20 ' || lpad(n::text, 8, '0'),
       (array ['London', 'Leeds', 'Bristol', 'Glasgow', 'Cardiff', 'Belfast', 'York'])[1 + n % 7],
       case when n % 10 = 0 then 'prefers the evening' end,
       timestamp with time zone '2020-01-01 00:00:00Z' + n * interval '10 minutes',
       0
from generate_series(1, ${customers}) n;
