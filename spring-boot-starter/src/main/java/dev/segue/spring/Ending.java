package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.lifecycle.Kind;
import dev.segue.lifecycle.Stage;
import dev.segue.lifecycle.Stages;
import java.util.List;
import java.util.Optional;

/** Says of a change that is over what is left to delete. */
final class Ending {

    private Ending() {}

    /** @param attributes the classes and attributes that declare it */
    static Optional<ChangeJson.EndJson> of(ChangeStatus status, List<String> attributes) {
        Stages stages = status.record().situation().stages();
        Kind kind = status.change().kind();
        String where = attributes.isEmpty() ? "the entity" : String.join(", ", attributes);
        String annotation = "@%s(change = \"%s\")"
                .formatted(annotation(kind), status.change().id());
        String configuration = "segue.changes." + status.change().id();
        if (stages.done(Stage.CONTRACT)) {
            return Optional.of(new ChangeJson.EndJson(
                    kind == Kind.INTRODUCE
                            ? "The change is over: the new column stands by itself."
                            : "The change is over: the old columns are gone.",
                    kind == Kind.RETIRE
                            ? "Delete the attribute %s together with %s, and %s from the configuration."
                                    .formatted(where, annotation, configuration)
                            : "Delete %s from %s, and %s from the configuration."
                                    .formatted(annotation, where, configuration)));
        }
        if (status.record().abandoned() && stages.equals(Stages.NONE)) {
            return Optional.of(new ChangeJson.EndJson(
                    "The change was abandoned: the schema is as it was before.",
                    "Map %s to the old columns again, without %s, and delete %s from the configuration."
                            .formatted(where, annotation, configuration)));
        }
        return Optional.empty();
    }

    private static String annotation(Kind kind) {
        return switch (kind) {
            case REPLACE -> "Replaces";
            case INTRODUCE -> "Introduces";
            case RETIRE -> "Retires";
        };
    }
}
