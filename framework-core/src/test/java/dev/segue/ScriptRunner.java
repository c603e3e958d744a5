package dev.segue;

import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.parser.Parser;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;
import org.flywaydb.database.mysql.MySQLParser;
import org.flywaydb.database.postgresql.PostgreSQLParser;

/** Somebody's pipeline: runs every script of a directory, each in a session of its own that ends at the first error. */
final class ScriptRunner implements AutoCloseable {

    private final TestDatabase database;
    private final Path scripts;
    private final Set<String> refusals = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> runs;

    ScriptRunner(TestDatabase database, Path scripts) {
        this.database = database;
        this.scripts = scripts;
        this.runs = thread.scheduleWithFixedDelay(this::runAllOnceMore, 0, 100, TimeUnit.MILLISECONDS);
    }

    /** What the database has said to scripts that failed. */
    Set<String> refusals() {
        return refusals;
    }

    void runAllOnceMore() {
        try (Stream<Path> files = Files.walk(scripts)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                run(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String script) {
        FluentConfiguration plain = new FluentConfiguration().placeholderReplacement(false);
        Parser parser = database.engine() == Engine.POSTGRESQL
                ? new PostgreSQLParser(plain, new ParsingContext())
                : new MySQLParser(plain, new ParsingContext());
        try (SqlStatementIterator statements = parser.parse(new StringResource(script));
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            while (statements.hasNext()) {
                statement.execute(statements.next().getSql());
            }
        } catch (SQLException e) {
            // Busy is no refusal: the next run may do it.
            if (!List.of("55P03", "40P01").contains(String.valueOf(e.getSQLState())) && e.getErrorCode() != 1205) {
                refusals.add(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public void close() {
        if (runs.isDone()) {
            throw new IllegalStateException("The pipeline has come to a stop by itself.");
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("A script does not end.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
