package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;

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
        told(arena, "old-only", "old-only");
        told(arena, "dual-write", "old-only");
        told(arena, "read-new", "dual-write");
        told(arena, "new-only", "shadow-read");
        told(arena, "dual-write", "new-only");
        told(arena, "old-only", "read-new");
        told(arena, "new-only", "new-only");
        arena.awaitPhase("new-only");
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(200);
    }

    private static void told(Arena arena, String shop, String billing) throws InterruptedException {
        for (int node = 0; node < arena.nodes(); node++) {
            String phase = node == BILLING ? billing : shop;
            String application = node == BILLING ? "billing" : "shop";
            arena.deployTo(node, deployment -> as(application, Arena.told(deployment, phase)));
        }
        arena.serve(150);
    }

    private static Deployment as(String application, Deployment deployment) {
        return deployment.with("spring.application.name", application);
    }
}
