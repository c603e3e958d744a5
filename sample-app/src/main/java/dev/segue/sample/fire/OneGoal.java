package dev.segue.sample.fire;

/** No deploy: the fleet is told the goal and walks by itself. */
final class OneGoal implements Scenario {

    @Override
    public String id() {
        return "goal";
    }

    @Override
    public String title() {
        return "One goal, no deploy: three nodes walk to the contracted schema";
    }

    @Override
    public void play(Arena arena) {
        arena.request("new-only");
        arena.allowContract();
        arena.awaitContracted();
        arena.serve(300);
    }
}
