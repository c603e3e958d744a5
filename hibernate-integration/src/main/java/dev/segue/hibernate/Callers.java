package dev.segue.hibernate;

import dev.segue.watch.Sighting.Origin;
import dev.segue.watch.StatementWatch.Source;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who runs a statement, by the calling thread's stack. That is slow, so it is asked once for each text. */
final class Callers {

    private static final StackWalker STACK = StackWalker.getInstance();

    /** What a native query passes through, and what runs statements of the mapping, also for a native query's flush. */
    private static final String NATIVE = "org.hibernate.query.sql.";

    private static final List<String> MAPPED = List.of(
            "org.hibernate.event.",
            "org.hibernate.engine.spi.ActionQueue",
            "org.hibernate.persister.",
            "org.hibernate.loader.");

    private static final List<String> IN_BETWEEN = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.hibernate.",
            "org.springframework.",
            "com.zaxxer.",
            "net.ttddyy.",
            "dev.segue.watch.");

    private static final Set<String> OURS = Set.of(
            Callers.class.getName(),
            WatchedStatements.class.getName(),
            CheckedConnection.class.getName(),
            Delegates.class.getName());

    private Callers() {}

    /** Of a statement that Hibernate runs. */
    static Source ofHibernate() {
        boolean isNative = STACK.walk(frames -> frames.map(StackWalker.StackFrame::getClassName)
                .filter(name -> name.startsWith(NATIVE) || MAPPED.stream().anyMatch(name::startsWith))
                .findFirst()
                .map(name -> name.startsWith(NATIVE))
                .orElse(false));
        return new Source(isNative ? Origin.NATIVE : Origin.MAPPED, caller());
    }

    /** Of a statement that somebody runs on a connection. */
    static Source ofConnection() {
        return new Source(Origin.JDBC, caller());
    }

    private static String caller() {
        return STACK.walk(frames -> applications(frames).findFirst().orElse("unknown"));
    }

    private static Stream<String> applications(Stream<StackWalker.StackFrame> frames) {
        return frames.filter(frame -> {
                    String name = frame.getClassName();
                    return IN_BETWEEN.stream().noneMatch(name::startsWith)
                            && !OURS.contains(name)
                            && !name.contains("$Proxy");
                })
                .map(frame -> frame.toStackTraceElement().toString());
    }
}
