package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import dev.segue.test.network.TcpProxy;
import java.time.Duration;

/** Connections are cut, lines are slow, silent or broken, and the database is restarted or away, all the way up and down. */
final class CutOff implements Scenario {

    private final int rounds;

    /** @param rounds six of which have done everything once */
    CutOff(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String id() {
        return "cut";
    }

    @Override
    public String title() {
        return "Connections killed, lines slow, silent or broken, the database restarted or away longer than the lease";
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Walk.withPasses(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.onTheWay(arena, rounds, new Hands(arena)::lay);
        arena.serve(200);
    }

    /** What is done, one kind after the other. */
    private static final class Hands {

        private static final int KINDS = 6;

        private final Arena arena;
        private int rounds;

        Hands(Arena arena) {
            this.arena = arena;
        }

        boolean lay() throws InterruptedException {
            arena.serve(30 + arena.random().nextInt(120));
            int node = arena.anyNode();
            switch (rounds++ % KINDS) {
                case 0 -> cutAll();
                case 1 -> slow(node);
                case 2 -> restart("database restarted", false);
                case 3 -> silent(node);
                case 4 -> broken(node);
                default -> restart("database away for longer than the lease", true);
            }
            return true;
        }

        private void cutAll() throws InterruptedException {
            Faults.Fault fault = arena.faults().onAll("connections killed");
            arena.database().cutConnections();
            arena.recoverAll(fault);
        }

        /** Slow is no excuse: nothing may fail. */
        private void slow(int node) {
            arena.faults().onNobody("slow line");
            TcpProxy line = arena.database().line(node);
            line.delay(Duration.ofMillis(60));
            arena.serve(100);
            line.delay(Duration.ZERO);
        }

        /** What the database says is on its way for longer than the lease, and then comes all at once. */
        private void silent(int node) {
            Faults.Fault fault = arena.leave(node, "silent line");
            TcpProxy line = arena.database().line(node);
            line.delay(Duration.ofMinutes(5));
            arena.awaitLapsed(node);
            line.delay(Duration.ZERO);
            arena.recover(node, fault);
        }

        private void broken(int node) {
            Faults.Fault fault = arena.leave(node, "broken line");
            TcpProxy line = arena.database().line(node);
            line.cut();
            arena.awaitLapsed(node);
            line.restore();
            arena.recover(node, fault);
        }

        private void restart(String what, boolean takesLong) throws InterruptedException {
            Faults.Fault fault = arena.faults().onAll(what);
            arena.database().server().stop();
            if (takesLong) {
                arena.outlastLeases();
            }
            arena.database().server().start();
            arena.recoverAll(fault);
        }
    }
}
