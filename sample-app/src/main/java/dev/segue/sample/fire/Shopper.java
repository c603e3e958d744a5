package dev.segue.sample.fire;

import dev.segue.sample.fleet.Answers;
import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads everybody's customers and writes its own, through the shop and, while it has leave, past it as the legacy
 * application does. It tells the history of each read and write. For one thread.
 */
final class Shopper {

    /** Some with what gets lost where bytes, case or quotes are not handled with care. */
    private static final List<String> FIRST = List.of("Zoë", "zoë", "Ada", "ADA", "李", "D'Arcy");

    private static final int RECENT = 30;
    private static final int PAGE = 20;

    private final ShopClient shop;
    private final LegacyShop legacy;
    private final BooleanSupplier mayUseLegacy;
    private final BooleanSupplier mayCreate;
    private final History history;
    private final Tally tally;
    private final Random random;
    private final List<Long> mine;
    private final List<Long> recent = new ArrayList<>();

    Shopper(
            ShopClient shop,
            LegacyShop legacy,
            BooleanSupplier mayUseLegacy,
            BooleanSupplier mayCreate,
            History history,
            Tally tally,
            Random random,
            Collection<Long> mine) {
        this.shop = shop;
        this.legacy = legacy;
        this.mayUseLegacy = mayUseLegacy;
        this.mayCreate = mayCreate;
        this.history = history;
        this.tally = tally;
        this.random = random;
        this.mine = new ArrayList<>(mine);
    }

    /** Makes one request. */
    void act() {
        boolean past = mayUseLegacy.getAsBoolean() && random.nextInt(3) == 0;
        int dice = random.nextInt(100);
        if (dice < 45) {
            read(somebody(), past);
        } else if (dice < 50) {
            search(mine());
        } else if (dice < 80) {
            update(mine(), past);
        } else if (dice < 88) {
            updateSome(past);
        } else if (mayCreate.getAsBoolean()) {
            create(past);
        }
    }

    private void read(long row, boolean past) {
        long began = System.nanoTime();
        Optional<Person> found = past
                ? legacy.read(row)
                : shop.get("/customers/" + row, Answers.Customer.class).map(Answers.Customer::person);
        found.ifPresent(person -> check(past ? "legacy read" : "GET", row, person, began));
    }

    private void search(long row) {
        String name = history.last(row, Attribute.NAME);
        if (name == null || !history.isSettled(row)) {
            return;
        }
        long began = System.nanoTime();
        String path = "/customers?size=" + PAGE + "&prefix=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        shop.get(path, Answers.Customer[].class).map(List::of).ifPresent(found -> {
            found.forEach(customer -> check("search", customer.id(), customer.person(), began));
            if (found.size() < PAGE && found.stream().noneMatch(customer -> customer.id() == row)) {
                tally.wrongRead("search for '" + name + "' did not find customer " + row + " but " + found);
            }
        });
    }

    /** Writes one customer through the shop: one attribute, both, or neither of them. */
    void update(long row, boolean past) {
        if (!history.isSettled(row)) {
            return;
        }
        if (past) {
            write(List.of(row), true);
            return;
        }
        int dice = random.nextInt(10);
        Map<String, Object> change = new HashMap<>();
        List<History.Write> writes = new ArrayList<>();
        if (dice < 7) {
            String name = name();
            change.put("fullName", name);
            writes.add(history.begin(row, Attribute.NAME, name));
        }
        if (dice >= 5 && dice < 9) {
            String phone = phone();
            change.put("phoneNumber", phone);
            writes.add(history.begin(row, Attribute.PHONE, phone));
        }
        if (dice == 9) {
            // Only the note: the attributes must come through an update that is not about them.
            change.put("note", "called on " + random.nextInt(1_000));
        }
        long began = System.nanoTime();
        Optional<Answers.Customer> answer = shop.patch("/customers/" + row, change, Answers.Customer.class);
        settle(writes, answer.isPresent());
        answer.ifPresent(found -> check("PATCH", row, found.person(), began));
    }

    private void updateSome(boolean past) {
        Set<Long> rows = new LinkedHashSet<>();
        for (int i = 0; i < 4; i++) {
            long row = mine();
            if (history.isSettled(row)) {
                rows.add(row);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        write(rows, past);
    }

    private void write(Collection<Long> rows, boolean past) {
        Person person = person();
        List<History.Write> writes = new ArrayList<>();
        for (long row : rows) {
            for (Attribute attribute : Attribute.ALL) {
                writes.add(history.begin(row, attribute, attribute.of(person)));
            }
        }
        Optional<Integer> answer = past ? legacy.update(rows, person) : updateAll(rows, person);
        settle(writes, answer.isPresent());
        answer.filter(count -> count != rows.size())
                .ifPresent(count -> tally.wrongRead("an update of " + rows + " changed " + count + " rows"));
    }

    private Optional<Integer> updateAll(Collection<Long> rows, Person person) {
        Map<String, Object> change = body(person);
        change.put("ids", rows);
        return shop.post("/customers/bulk", change, Answers.Changed.class).map(Answers.Changed::customers);
    }

    private void create(boolean past) {
        Person person = person();
        Optional<Long> created;
        if (past) {
            created = legacy.insert(person);
        } else {
            Map<String, Object> wanted = body(person);
            wanted.put("city", "Leeds");
            created = shop.post("/customers", wanted, Answers.Customer.class).map(Answers.Customer::id);
        }
        created.ifPresentOrElse(
                row -> {
                    Attribute.ALL.forEach(attribute -> history.created(row, attribute, attribute.of(person)));
                    mine.add(row);
                    touch(row);
                },
                history::lostCreation);
    }

    private void settle(List<History.Write> writes, boolean acknowledged) {
        for (History.Write write : writes) {
            if (acknowledged) {
                history.acknowledged(write);
                touch(write.cell().row());
            } else {
                history.lost(write);
            }
        }
    }

    private void check(String asked, long row, Person found, long began) {
        for (Attribute attribute : Attribute.ALL) {
            history.read(row, attribute, attribute.of(found), began)
                    .ifPresent(complaint -> tally.wrongRead(asked + " of " + row + " gave " + complaint));
        }
    }

    private static Map<String, Object> body(Person person) {
        Map<String, Object> body = new HashMap<>();
        body.put("fullName", person.fullName());
        body.put("phoneNumber", person.phoneNumber());
        return body;
    }

    private Person person() {
        return new Person(name(), random.nextInt(10) == 0 ? null : phone());
    }

    private String name() {
        return FIRST.get(random.nextInt(FIRST.size())) + " #" + history.mark();
    }

    private String phone() {
        return "+44 #" + history.mark();
    }

    /** Half of the time one that was touched lately: what was just written is what is read wrong. */
    private long mine() {
        List<Long> choice = recent.isEmpty() || random.nextBoolean() ? mine : recent;
        return choice.get(random.nextInt(choice.size()));
    }

    private long somebody() {
        return random.nextBoolean() ? mine() : history.row(random.nextDouble());
    }

    private void touch(Long row) {
        recent.remove(row);
        recent.add(0, row);
        if (recent.size() > RECENT) {
            recent.remove(recent.size() - 1);
        }
    }
}
