package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import java.util.Optional;

/** The database takes no writes, as with a full disk, or has no connection left, again and again on the way. */
final class Starved implements Scenario {

    private static final int KINDS = 3;

    private final int rounds;
    private int round;

    /** @param rounds three of which have done everything once */
    Starved(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String id() {
        return "starved";
    }

    @Override
    public String title() {
        return "The database read-only in a stage and at random, or without a free connection, for longer than the lease";
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Walk.withPasses(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.onTheWay(arena, rounds, () -> starve(arena));
        arena.serve(200);
    }

    private boolean starve(Arena arena) throws InterruptedException {
        arena.serve(30 + arena.random().nextInt(120));
        boolean starved = switch (round % KINDS) {
            case 0 -> readOnly(arena, Moment.STAGE);
            case 1 -> noConnection(arena);
            default -> readOnly(arena, Moment.ANY);
        };
        if (starved) {
            round++;
        }
        return starved;
    }

    /** Whether there was such a moment. */
    private static boolean readOnly(Arena arena, Moment moment) throws InterruptedException {
        Optional<Faults.Fault> fault = moment.catchOne(arena, node -> {
            Faults.Fault begun = arena.faults().onAll("read-only " + moment);
            arena.database().readOnly(true);
            return begun;
        });
        if (fault.isPresent()) {
            arena.outlastLeases();
            arena.database().readOnly(false);
            arena.recoverAll(fault.get());
        }
        return fault.isPresent();
    }

    @SuppressWarnings("try") // Its end is what counts.
    private static boolean noConnection(Arena arena) throws InterruptedException {
        Faults.Fault fault = arena.faults().onAll("no connection left");
        try (Database.Siege siege = arena.database().besiege()) {
            arena.outlastLeases();
        }
        arena.recoverAll(fault);
        return true;
    }
}
