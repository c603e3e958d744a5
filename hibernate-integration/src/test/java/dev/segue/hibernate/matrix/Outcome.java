package dev.segue.hibernate.matrix;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has come of one way.
 *
 * @param failure why it did not end, if it did not
 * @param result what the application saw
 * @param hidden what it would have seen if the attribute were null everywhere
 * @param content what the tables held afterwards
 */
record Outcome(
        Optional<RuntimeException> failure,
        String result,
        String hidden,
        Ground.Content content,
        List<String> statements) {

    static Outcome done(Shape shape, @Nullable Object result, Ground.Content content, List<String> statements) {
        return new Outcome(
                Optional.empty(), Rendered.of(shape, result), Rendered.hidden(shape, result), content, statements);
    }

    static Outcome failed(RuntimeException failure) {
        return new Outcome(Optional.of(failure), "", "", new Ground.Content(Map.of()), List.of());
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
