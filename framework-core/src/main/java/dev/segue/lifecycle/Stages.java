package dev.segue.lifecycle;

/** The progress of every stage of one change. */
public record Stages(Progress expand, Progress guard, Progress enforce, Progress relax, Progress contract) {

    /** Nothing done yet. */
    public static final Stages NONE =
            new Stages(Progress.PENDING, Progress.PENDING, Progress.PENDING, Progress.PENDING, Progress.PENDING);

    public Progress of(Stage stage) {
        return switch (stage) {
            case EXPAND -> expand;
            case GUARD -> guard;
            case ENFORCE -> enforce;
            case RELAX -> relax;
            case CONTRACT -> contract;
        };
    }

    public boolean done(Stage stage) {
        return of(stage) == Progress.DONE;
    }

    public boolean pending(Stage stage) {
        return of(stage) == Progress.PENDING;
    }

    public Stages with(Stage stage, Progress progress) {
        return new Stages(
                stage == Stage.EXPAND ? progress : expand,
                stage == Stage.GUARD ? progress : guard,
                stage == Stage.ENFORCE ? progress : enforce,
                stage == Stage.RELAX ? progress : relax,
                stage == Stage.CONTRACT ? progress : contract);
    }
}
