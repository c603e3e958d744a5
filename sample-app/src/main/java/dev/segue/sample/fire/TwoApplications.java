package dev.segue.sample.fire;

/** One of the nodes is another application on the same table, which has its own mind about where to go. */
final class TwoApplications implements Scenario {

    private static final int BILLING = 2;

    @Override
    public String id() {
        return "two";
    }

    @Override
    public String title() {
        return "Two applications on one table with different requests, up, down and up";
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        tellBilling(arena, "old-only");
        tellShop(arena, "read-new");
        tellBilling(arena, "shadow-read");
        arena.awaitPhaseOf(0, "read-new");
        tellBilling(arena, "new-only");
        tellShop(arena, "dual-write");
        tellBilling(arena, "old-only");
        tellShop(arena, "new-only");
        tellBilling(arena, "new-only");
        arena.awaitPhase("new-only");
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(200);
    }

    private static void tellShop(Arena arena, String phase) throws InterruptedException {
        for (int node = 0; node < BILLING; node++) {
            arena.deployTo(node, deployment -> Arena.told(deployment, phase));
        }
        arena.serve(150);
    }

    private static void tellBilling(Arena arena, String phase) throws InterruptedException {
        arena.deployTo(BILLING, deployment -> Arena.told(deployment, phase).with("spring.application.name", "billing"));
        arena.serve(150);
    }
}
