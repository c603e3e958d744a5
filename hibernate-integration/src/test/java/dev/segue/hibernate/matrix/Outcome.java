package dev.segue.hibernate.matrix;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has come of one way.
 *
 * @param failure why it did not end, if it did not
 * @param result what the application saw
 * @param content what the tables held afterwards
 */
record Outcome(Optional<RuntimeException> failure, String result, Ground.Content content, List<String> statements) {

    static Outcome done(String result, Ground.Content content, List<String> statements) {
        return new Outcome(Optional.empty(), result, content, statements);
    }

    static Outcome failed(RuntimeException failure) {
        return new Outcome(Optional.of(failure), "", new Ground.Content(Map.of()), List.of());
    }

    /** The messages of the failure and of its causes. */
    String message() {
        StringBuilder all = new StringBuilder();
        for (Throwable each = failure.orElseThrow(); each != null; each = each.getCause()) {
            all.append(each.getClass().getSimpleName())
                    .append(": ")
                    .append(each.getMessage())
                    .append(" / ");
        }
        return all.toString().replace('\n', ' ');
    }
}
