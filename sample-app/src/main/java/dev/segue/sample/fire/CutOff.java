package dev.segue.sample.fire;

import dev.segue.test.network.TcpProxy;
import java.time.Duration;

/** Connections are cut, lines are slow, silent or broken, and the database is restarted or away, all the way up and down. */
final class CutOff implements Scenario {

    @Override
    public String id() {
        return "cut";
    }

    @Override
    public String title() {
        return "Connections killed, lines slow, silent or broken, the database restarted or away longer than the lease";
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Trouble.during(() -> Killed.walk(arena), new Hands(arena)::lay);
        arena.serve(200);
    }

    /** What is done, one kind after the other and then at random. */
    private static final class Hands {

        private static final int KINDS = 6;

        private final Arena arena;
        private int rounds;

        Hands(Arena arena) {
            this.arena = arena;
        }

        void lay() throws InterruptedException {
            arena.serve(60 + arena.random().nextInt(120));
            int kind = rounds < KINDS ? rounds : arena.random().nextInt(KINDS);
            rounds++;
            int node = arena.anyNode();
            switch (kind) {
                case 0 -> cutAll();
                case 1 -> slow(node);
                case 2 -> restart(false);
                case 3 -> silent(node);
                case 4 -> broken(node);
                default -> restart(true);
            }
        }

        private void cutAll() throws InterruptedException {
            Faults.Fault fault = arena.faults().onAll();
            arena.database().cutConnections();
            arena.recoverAll(fault);
        }

        /** Slow is no excuse: nothing may fail. */
        private void slow(int node) {
            TcpProxy line = arena.database().line(node);
            line.delay(Duration.ofMillis(60));
            arena.serve(100);
            line.delay(Duration.ZERO);
        }

        private void silent(int node) throws InterruptedException {
            Faults.Fault fault = arena.leave(node);
            TcpProxy line = arena.database().line(node);
            line.delay(Duration.ofMinutes(5));
            arena.awaitLapsed(node);
            line.delay(Duration.ZERO);
            arena.recover(node, fault);
        }

        private void broken(int node) throws InterruptedException {
            Faults.Fault fault = arena.leave(node);
            TcpProxy line = arena.database().line(node);
            line.cut();
            arena.awaitLapsed(node);
            line.restore();
            arena.recover(node, fault);
        }

        private void restart(boolean takesLong) throws InterruptedException {
            Faults.Fault fault = arena.faults().onAll();
            arena.database().server().stop();
            if (takesLong) {
                arena.outlastLeases();
            }
            arena.database().server().start();
            arena.recoverAll(fault);
        }
    }
}
