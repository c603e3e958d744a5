package dev.segue.sample.fire;

import dev.segue.sample.fleet.Answers;
import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopClient;
import dev.segue.sample.fleet.StoppedException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A customer whom many write at once. Which of two writes that overlap is the last is open; that it is whole, and no write
 * that had been acknowledged before another began, is not. The history does not know the row before it has {@link #cool
 * cooled down}.
 */
final class HotRow {

    private static final int WRITERS = 32;
    private static final int WRITES_EACH = 25;

    private record Write(String value, long began, long acknowledged) {}

    private final Arena arena;
    private final ShopClient shop;
    private final long row;
    private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

    private HotRow(Arena arena, long row) {
        this.arena = arena;
        this.shop = arena.shop();
        this.row = row;
    }

    /** Makes it, past the shop. */
    static HotRow in(Arena arena) {
        try (LegacyShop legacy = arena.legacy()) {
            long row = legacy.insert(new Person("cold", "cold"))
                    .orElseThrow(() -> new StoppedException("A legacy insert failed."));
            return new HotRow(arena, row);
        }
    }

    /** Lets everybody write it, and looks at what is there then. */
    void heat() throws InterruptedException {
        arena.faults().onNobody("hot row");
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        for (int i = 0; i < WRITERS; i++) {
            writers.execute(() -> {
                for (int n = 0; n < WRITES_EACH; n++) {
                    write("hot #" + arena.history().mark());
                }
            });
        }
        writers.shutdown();
        if (!writers.awaitTermination(10, TimeUnit.MINUTES)) {
            throw new StoppedException("The writers of the hot row do not come to an end.");
        }
        check();
    }

    private void write(String value) {
        long began = System.nanoTime();
        boolean acknowledged = shop.post(
                        "/customers/bulk",
                        Map.of("ids", List.of(row), "fullName", value, "phoneNumber", value),
                        Answers.Changed.class)
                .isPresent();
        writes.add(new Write(value, began, acknowledged ? System.nanoTime() : Long.MAX_VALUE));
    }

    private Person check() {
        Person person = shop.get("/customers/" + row, Answers.Customer.class)
                .map(Answers.Customer::person)
                .orElseThrow(() -> new StoppedException("The hot row cannot be read."));
        if (!person.fullName().equals(person.phoneNumber()) || !mayBeLast(person.fullName())) {
            arena.tally().wrongRead("the hot row is half of two writes, or an older one: " + person);
        }
        return person;
    }

    private boolean mayBeLast(String value) {
        return writes.stream()
                .filter(write -> write.value().equals(value))
                .anyMatch(write -> writes.stream()
                        .noneMatch(later -> later.acknowledged() != Long.MAX_VALUE
                                && write.acknowledged() != Long.MAX_VALUE
                                && write.acknowledged() - later.began() < 0));
    }

    /** From now on nobody writes it, and the history knows it. */
    void cool() {
        Person person = check();
        Attribute.ALL.forEach(attribute -> arena.history().found(row, attribute, attribute.of(person)));
    }
}
