package dev.segue.spring;

import dev.segue.StartRefusedException;
import dev.segue.change.Problem;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells every mistake at once, each with where it stands, what is wrong and what to do. */
final class StartRefusedFailureAnalyzer extends AbstractFailureAnalyzer<StartRefusedException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, StartRefusedException cause) {
        String description = cause.problems().stream()
                .map(StartRefusedFailureAnalyzer::describe)
                .collect(Collectors.joining(
                        System.lineSeparator() + System.lineSeparator(),
                        "Segue refuses to start; no table of the application has been touched:"
                                + System.lineSeparator()
                                + System.lineSeparator(),
                        ""));
        String action = cause.problems().stream()
                .map(problem -> "- " + problem.where() + ": " + problem.remedy())
                .collect(Collectors.joining(System.lineSeparator()));
        return new FailureAnalysis(description, action, cause);
    }

    private static String describe(Problem problem) {
        return "    %s: %s%n    %s".formatted(problem.where(), problem.value(), problem.message());
    }
}
