package dev.segue.sample.show;

import dev.segue.sample.fleet.Answers;
import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Uses the shop as its visitors do, and checks what it reads. It alone writes its customers, so it knows what each of
 * them must look like. For one thread.
 */
final class Shopper {

    private static final int RECENT = 50;
    private static final int PAGE = 20;

    private final ShopClient shop;
    private final Ledger ledger;
    private final Scoreboard scoreboard;
    private final Random random;
    private final Names names;
    private final List<Long> mine;
    private final Set<Long> owned;
    private final Deque<Long> recent = new ArrayDeque<>();
    private final Deque<Long> unpaid = new ArrayDeque<>();

    Shopper(ShopClient shop, Ledger ledger, Scoreboard scoreboard, Random random, Collection<Long> mine) {
        this.shop = shop;
        this.ledger = ledger;
        this.scoreboard = scoreboard;
        this.random = random;
        this.names = new Names(random);
        this.mine = new ArrayList<>(mine);
        this.owned = new HashSet<>(mine);
    }

    /** Makes one request. */
    void act() {
        int dice = random.nextInt(100);
        if (dice < 36) {
            read(any());
        } else if (dice < 44) {
            searchFor(any());
        } else if (dice < 48) {
            browse();
        } else if (dice < 68) {
            update(any());
        } else if (dice < 76) {
            create();
        } else if (dice < 80) {
            updateSome();
        } else if (dice < 88) {
            order(any());
        } else if (dice < 94) {
            pay();
        } else {
            readOrders(any());
        }
    }

    void read(long id) {
        shop.get("/customers/" + id, Answers.Customer.class).ifPresent(found -> check("GET /customers/" + id, found));
    }

    /** A customer is found by the whole name, unless there are more of that name than a page holds. */
    private void searchFor(long id) {
        Optional<Ledger.Entry> entry = ledger.entry(id).filter(known -> known.possible() == null);
        if (entry.isEmpty()) {
            browse();
            return;
        }
        String name = entry.get().certain().fullName();
        search(name).ifPresent(found -> {
            if (found.size() < PAGE && found.stream().noneMatch(customer -> customer.id() == id)) {
                scoreboard.wrongRead("search for " + name + " did not find customer " + id + " but " + found);
            }
        });
    }

    private void browse() {
        search(names.prefix());
    }

    private Optional<List<Answers.Customer>> search(String prefix) {
        String path = "/customers?size=" + PAGE + "&prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8);
        Optional<List<Answers.Customer>> found =
                shop.get(path, Answers.Customer[].class).map(List::of);
        found.ifPresent(customers -> customers.stream()
                .filter(customer -> owned.contains(customer.id()))
                .forEach(customer -> check("search for " + prefix, customer)));
        return found;
    }

    private void update(long id) {
        Optional<Person> before = writable(id);
        if (before.isEmpty()) {
            return;
        }
        Map<String, String> change = new LinkedHashMap<>();
        int dice = random.nextInt(10);
        if (dice < 7) {
            change.put("fullName", names.fullName());
        }
        if (dice >= 5 && dice < 9) {
            change.put("phoneNumber", names.phoneNumber());
        }
        if (dice == 9) {
            // Only the note: the columns that change must come through an update that is not about them.
            change.put("note", "called on " + random.nextInt(1_000));
        }
        Person after = new Person(
                change.getOrDefault("fullName", before.get().fullName()),
                change.containsKey("phoneNumber")
                        ? change.get("phoneNumber")
                        : before.get().phoneNumber());
        Optional<Answers.Customer> answer = shop.patch("/customers/" + id, change, Answers.Customer.class);
        written(List.of(id), after, answer.isPresent());
        answer.ifPresent(found -> check("PATCH /customers/" + id, found));
    }

    private void updateSome() {
        Set<Long> ids = new LinkedHashSet<>();
        for (int i = 0; i < 4; i++) {
            long id = any();
            writable(id).ifPresent(person -> ids.add(id));
        }
        if (ids.isEmpty()) {
            return;
        }
        Person after = new Person(names.fullName(), names.phoneNumberOrNone());
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("ids", ids);
        change.put("fullName", after.fullName());
        change.put("phoneNumber", after.phoneNumber());
        Optional<Answers.Changed> answer = shop.post("/customers/bulk", change, Answers.Changed.class);
        written(ids, after, answer.isPresent());
        answer.filter(changed -> changed.customers() != ids.size())
                .ifPresent(changed -> scoreboard.wrongRead("bulk update of " + ids + " changed " + changed));
    }

    private void create() {
        Person person = new Person(names.fullName(), names.phoneNumberOrNone());
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("fullName", person.fullName());
        wanted.put("phoneNumber", person.phoneNumber());
        wanted.put("city", "Leeds");
        Optional<Answers.Customer> answer = shop.post("/customers", wanted, Answers.Customer.class);
        answer.ifPresentOrElse(
                created -> {
                    mine.add(created.id());
                    owned.add(created.id());
                    written(List.of(created.id()), person, true);
                    check("POST /customers", created);
                },
                () -> ledger.unknownCreation(person));
    }

    private void order(long id) {
        Map<String, Object> wanted = Map.of("item", "a book", "amountCents", 100 + random.nextInt(10_000));
        shop.post("/customers/" + id + "/orders", wanted, Answers.Order.class).ifPresent(order -> {
            unpaid.add(order.id());
            touch(id);
            check(order);
        });
    }

    private void pay() {
        Long order = unpaid.poll();
        if (order == null) {
            order(any());
        } else {
            shop.post("/orders/" + order + "/payment", null, Answers.Order.class)
                    .ifPresent(this::check);
        }
    }

    private void readOrders(long id) {
        shop.get("/customers/" + id + "/orders", Answers.Order[].class)
                .ifPresent(orders -> List.of(orders).forEach(this::check));
    }

    /** Half of the time one that was touched lately: what was just written is what is read wrong. */
    private long any() {
        List<Long> choice = recent.isEmpty() || random.nextBoolean() ? mine : List.copyOf(recent);
        return choice.get(random.nextInt(choice.size()));
    }

    private Optional<Person> writable(long id) {
        return ledger.entry(id).filter(entry -> entry.possible() == null).map(Ledger.Entry::certain);
    }

    private void written(Collection<Long> ids, Person person, boolean acknowledged) {
        for (long id : ids) {
            if (acknowledged) {
                ledger.acknowledged(id, person);
                touch(id);
            } else {
                ledger.unknown(id, person);
            }
        }
    }

    private void touch(long id) {
        recent.remove(id);
        recent.addFirst(id);
        if (recent.size() > RECENT) {
            recent.removeLast();
        }
    }

    private void check(String asked, Answers.Customer found) {
        ledger.entry(found.id())
                .filter(entry -> !entry.allows(found.person()))
                .ifPresent(entry -> scoreboard.wrongRead(asked + " gave " + found + ", right is " + entry));
    }

    private void check(Answers.Order found) {
        ledger.entry(found.customerId())
                .filter(entry -> {
                    Person possible = entry.possible();
                    return !found.customerName().equals(entry.certain().fullName())
                            && (possible == null || !found.customerName().equals(possible.fullName()));
                })
                .ifPresent(entry -> scoreboard.wrongRead(found + " names a customer who is " + entry));
    }
}
