package dev.segue.sample.fire;

import dev.segue.sample.fleet.Deployment;
import java.util.Map;

/**
 * Instead of Segue's pass another one fills only what is NULL, and says that the column is proven. Nodes of two versions
 * have written before: one both columns, the other then the old one.
 */
final class PlantedNullsOnly implements Scenario {

    @Override
    public String id() {
        return "planted-nulls-only";
    }

    @Override
    public String title() {
        return "The pass fills only NULLs";
    }

    @Override
    public int nodes() {
        return 2;
    }

    @Override
    public boolean isPlanted() {
        return true;
    }

    @Override
    public Deployment deployment(Deployment usual) {
        return Paused.withoutGuard(usual);
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        Attribute.ALL.forEach(attribute -> arena.tell(attribute.change(), Map.of("action", "pause")));
        arena.deployTo(0, deployment -> Arena.told(deployment, "dual-write"));
        arena.awaitPhaseOf(0, "dual-write");
        arena.serve(400);
        arena.deploy("dual-write");
        arena.awaitPhase("dual-write");
        for (Attribute attribute : Attribute.ALL) {
            String oldColumn = attribute.change().oldColumn();
            String newColumn = attribute.change().newColumn();
            arena.database()
                    .execute(
                            "update customer set " + newColumn + " = " + oldColumn + " where " + newColumn + " is null",
                            "update segue_change set sealed_new = true where id = '"
                                    + attribute.change().id() + "'");
        }
        arena.planted();
        arena.awaitFinding();
    }
}
