package dev.segue.sample.fire;

/** Five times through all phases and back, by rolling deploys. */
final class RollingDeploys implements Scenario {

    private final int rounds;

    RollingDeploys(int rounds) {
        this.rounds = rounds;
    }

    @Override
    public String id() {
        return "deploys";
    }

    @Override
    public String title() {
        return "Rolling deploys through all phases and back, " + rounds + (rounds == 1 ? " time" : " times");
    }

    @Override
    public void play(Arena arena) throws InterruptedException {
        for (int round = 0; round < rounds; round++) {
            for (String phase : Walk.UP) {
                arena.deploy(phase);
            }
            for (String phase : Walk.DOWN) {
                arena.deploy(phase);
            }
        }
    }
}
