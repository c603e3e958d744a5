package dev.segue.sample.fire;

import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What a node may be in the middle of when something is done to it. */
enum Moment {
    /** It runs statements of a stage, or waits for the lock that they need: there is somebody who has it. */
    STAGE("in a stage") {
        @Override
        @SuppressWarnings("try") // Its end is what counts.
        <T> Optional<T> catchOne(Arena arena, IntFunction<T> deed) throws InterruptedException {
            String touch = "update customer set note = 'in the way' where id = "
                    + arena.visited(1).get(0);
            try (Bystander inTheWay = Bystander.after(touch, arena.database().direct())) {
                return lookFor("""
                        select node from segue_journal where to_value in ('applying', 'reverting')
                        and id = (select max(id) from segue_journal where what like 'stage %')
                        """, arena, deed);
            }
        }
    },

    /** It works on the rows. */
    BATCH("at work on the rows") {
        @Override
        <T> Optional<T> catchOne(Arena arena, IntFunction<T> deed) throws InterruptedException {
            return lookFor("select max(claimed_by) from segue_range where state = 'open'", arena, deed);
        }
    },

    /** It has moved to another phase a few milliseconds ago. */
    MOVE("in a move") {
        @Override
        <T> Optional<T> catchOne(Arena arena, IntFunction<T> deed) throws InterruptedException {
            String last =
                    arena.inspector().ask("select max(id) from segue_journal").orElse("0");
            return lookFor(
                    "select max(node) from segue_journal where what = 'moved' and id = "
                            + "(select max(id) from segue_journal where id > " + last + ")",
                    arena,
                    deed);
        }
    },

    /** Whatever it is. */
    ANY("at random") {
        @Override
        <T> Optional<T> catchOne(Arena arena, IntFunction<T> deed) {
            return Optional.of(deed.apply(arena.anyNode()));
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 5;

    private final String words;

    Moment(String words) {
        this.words = words;
    }

    /**
     * Does it to a node that is there.
     *
     * @return what comes of it, or nothing if none has come there for a while
     */
    abstract <T> Optional<T> catchOne(Arena arena, IntFunction<T> deed) throws InterruptedException;

    /** One after the other. */
    static Moment inTurn(int round) {
        return values()[round % values().length];
    }

    private static <T> Optional<T> lookFor(String sql, Arena arena, IntFunction<T> deed) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            Optional<String> name = arena.inspector().ask(sql);
            Optional<Integer> found = IntStream.range(0, arena.nodes())
                    .boxed()
                    .filter(node ->
                            name.filter(arena.fleet().registered(node)::equals).isPresent())
                    .findFirst();
            if (found.isPresent()) {
                return Optional.of(deed.apply(found.get()));
            }
            Thread.sleep(POLL_MILLIS);
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return words;
    }
}
