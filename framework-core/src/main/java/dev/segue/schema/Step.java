package dev.segue.schema;

import dev.segue.database.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a stage: statements that belong together. On PostgreSQL a quick step is one transaction; on MySQL, where
 * DDL commits by itself, the step is begun again until all of it is done.
 *
 * @param table the table whose locks it needs
 * @param sql its statements, in order, with every name quoted
 * @param unless a query that finds a row if there is nothing left to do. It is asked before every attempt, so a stage can
 *     be killed anywhere and run again. Null if the step is always run, because running it twice is the same as once.
 */
public record Step(
        Kind kind,
        TableName table,
        List<String> sql,
        @Nullable String unless) {

    /** How a step takes its locks. */
    public enum Kind {
        /** Needs the table for itself for a moment: tried under a short lock timeout, under the intent's lock. */
        QUICK,
        /** Reads or builds for long and lets the application work meanwhile: the intent is asked once, before. */
        LONG
    }

    public Step {
        sql = List.copyOf(sql);
    }

    static Step quick(TableName table, @Nullable String unless, String... sql) {
        return new Step(Kind.QUICK, table, List.of(sql), unless);
    }

    static Step lengthy(TableName table, @Nullable String unless, String... sql) {
        return new Step(Kind.LONG, table, List.of(sql), unless);
    }
}
