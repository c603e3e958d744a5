package dev.segue.sample.fire;

/** The triggers are dropped behind Segue's back, so that what a legacy application writes stays in the old column. */
final class PlantedNoGuard implements Scenario {

    @Override
    public String id() {
        return "planted-no-guard";
    }

    @Override
    public String title() {
        return "The guard's triggers are dropped while a legacy application writes";
    }

    @Override
    public boolean isShort() {
        return true;
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
    public void play(Arena arena) {
        arena.request("dual-write");
        arena.awaitPhase("dual-write");
        arena.awaitSealed();
        arena.database().dropTriggers("customer");
        arena.planted();
        arena.load().useLegacy(true);
        arena.awaitFinding();
    }
}
