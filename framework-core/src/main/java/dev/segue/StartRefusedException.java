package dev.segue;

import dev.segue.change.Problem;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The application must not start as it is. Every mistake that can be seen is in the list, and nothing has been done to
 * the application's tables.
 */
public final class StartRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public StartRefusedException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<Problem> problems() {
        return problems;
    }
}
