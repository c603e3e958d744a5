package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import dev.segue.database.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has somebody else run the statements: writes the script of what is still to be done, and believes the catalog alone.
 *
 * <p>A script may be run late, when nobody waits for it any more. So it looks by itself, before each step, whether its
 * intent stands, and on PostgreSQL it keeps it standing until the step is over. And it holds the lock of the change's work
 * from its beginning to its end, the very one under which a node looks at the catalog and records the outcome: nobody takes
 * a stage as done, or turns it round, while a script is running.
 */
public final class Pipeline {

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    /** Nobody queues behind what waits so long: the lock of the work, older transactions before an index is built. */
    private static final int PATIENCE_SECONDS = 600;

    private static final String LOGGED = "printed in the log of this node";

    /** What has been published of a script, and where it lies. */
    private record Said(String text, String where) {}

    private final @Nullable Path directory;
    private final BinaryOperator<String> lockName;
    private final Map<String, Said> said = new ConcurrentHashMap<>();

    /**
     * @param directory where scripts are written, or null if they are only logged
     * @param lockName the name of the lock of a change's work, by the database's name and the change's id
     */
    public Pipeline(@Nullable Path directory, BinaryOperator<String> lockName) {
        this.directory = directory;
        this.lockName = lockName;
    }

    /** Publishes the script of what is left, and says that it is waited for. */
    StageHeldException awaited(
            DataSource direct,
            Database database,
            ColumnChange change,
            Act act,
            List<Step> left,
            List<String> missing,
            LockPatience patience)
            throws SQLException {
        String text;
        try (Connection connection = direct.getConnection()) {
            text = script(connection, database, change, act, left, patience);
        }
        String file = Names.folder(change.id()) + "/" + Scripts.file(act, database);
        Said before = said.get(file);
        String where = before != null && before.text().equals(text) ? before.where() : publish(directory, file, text);
        said.put(file, new Said(text, where));
        return new StageHeldException(
                act.name() + " waits for your pipeline to run " + Scripts.file(act, database) + " of change "
                        + change.id() + " (" + where + "): "
                        + missing.stream().findFirst().orElse("it has not been run"),
                "Run the script as it is now; after a failure take it anew, it says only what is left. The stage goes on"
                        + " by itself when the catalog shows that it is done.",
                true);
    }

    /**
     * Writes a script, or logs it.
     *
     * @param directory null if it is only to be logged
     * @return where it lies, in words
     */
    public static String publish(@Nullable Path directory, String file, String text) {
        if (directory == null) {
            log.info("To be run by your pipeline, {}:\n{}", file, text);
            return LOGGED;
        }
        Path path = path(directory, file);
        try {
            Files.createDirectories(Optional.ofNullable(path.getParent()).orElse(directory));
            Files.writeString(path, text);
            log.info("To be run by your pipeline: {}", path);
            return path.toString();
        } catch (IOException e) {
            log.warn("Script {} cannot be written ({}). To be run by your pipeline:\n{}", path, e.toString(), text);
            return LOGGED + ", because " + path + " cannot be written";
        }
    }

    private static Path path(Path directory, String file) {
        return directory.resolve(file).toAbsolutePath().normalize();
    }

    private String script(
            Connection connection,
            Database database,
            ColumnChange change,
            Act act,
            List<Step> left,
            LockPatience patience)
            throws SQLException {
        String registry = Dialect.of(database).guards().registry(connection);
        String lock = database.literal(lockName.apply(connection.getCatalog(), change.id()));
        String stands = "SELECT 1 FROM " + new TableName(registry, "segue_change").quoted(database) + " WHERE id = "
                + database.literal(change.id()) + " AND " + act.stands();
        String refusal = "Segue does not wait for " + act.name();
        ScriptText text = new ScriptText(database)
                .comment(Scripts.file(act, database) + " of change " + change.id() + ", what is left of it")
                .comment(change.definition())
                .comment(
                        "Stop at the first error (psql -v ON_ERROR_STOP=1), run it in one session, not through a pooler.")
                .gap();
        return switch (database) {
            case POSTGRESQL -> {
                text.statements(List.of(
                        "SET lock_timeout = '" + PATIENCE_SECONDS + "s'",
                        "SELECT pg_advisory_lock(hashtextextended(" + lock + ", 0))"));
                for (Step step : left) {
                    text.gap();
                    postgres(text, step, stands, refusal, patience);
                }
                yield text.toString();
            }
            case MYSQL -> {
                long seconds = Math.max(1, (patience.timeout().toMillis() + 999) / 1000);
                text.statements(List.of(
                        "SET SESSION lock_wait_timeout = " + seconds,
                        "SET SESSION sql_mode = CONCAT(@@SESSION.sql_mode, ',STRICT_TRANS_TABLES')"));
                for (Step step : left) {
                    // What is called like the message is no column, so preparing it fails with it.
                    text.gap()
                            .statements(List.of(
                                    "SET @segue = IF(GET_LOCK(" + lock + ", " + PATIENCE_SECONDS + ") = 1 AND EXISTS ("
                                            + stands + "), 'DO 0', 'SELECT `" + refusal + "`')",
                                    "PREPARE segue FROM @segue",
                                    "EXECUTE segue"))
                            .block(ScriptText.block(step));
                }
                yield text.gap().statements(List.of("DO RELEASE_ALL_LOCKS()")).toString();
            }
        };
    }

    private static void postgres(ScriptText text, Step step, String stands, String refusal, LockPatience patience) {
        boolean lengthy = step.kind() == Step.Kind.LONG;
        String check = "DO $segue$ BEGIN PERFORM FROM (" + stands + (lengthy ? "" : " FOR SHARE") + ") AS intent;"
                + " IF NOT FOUND THEN RAISE EXCEPTION '" + refusal + "'; END IF; END $segue$";
        if (lengthy) {
            text.statements(List.of(check)).block(ScriptText.block(step));
            return;
        }
        text.statements(List.of(
                "BEGIN",
                "SET LOCAL lock_timeout = " + Math.max(1, patience.timeout().toMillis()),
                check));
        text.statements(step.sql()).statements(List.of("COMMIT"));
    }
}
