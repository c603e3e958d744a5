package dev.segue.schema;

import dev.segue.database.Database;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What statements of a script look like that have to be run in a special way, or not at all.
 *
 * @param begins what makes one thing of all that follows
 * @param ends what ends that
 * @param lengthy what reads or builds for long, apart from what Flyway knows of
 * @param session what would change a session that others use after it
 * @param careless what keeps the application waiting, where there is another way
 * @param remedy that way
 */
record Wording(Pattern begins, Pattern ends, Pattern lengthy, Pattern session, Pattern careless, String remedy) {

    private static final Wording POSTGRESQL = new Wording(
            words("^(BEGIN|START TRANSACTION)\\b"),
            words("^(COMMIT|END)\\b"),
            words("^ALTER TABLE .* VALIDATE CONSTRAINT "),
            words("^(SET (?!LOCAL )|SET LOCAL \\w*timeout|RESET|ROLLBACK|SAVEPOINT|DISCARD)"),
            words("^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY )"),
            "Say CREATE INDEX CONCURRENTLY.");

    private static final Wording MYSQL = new Wording(
            words("^LOCK TABLES?\\b"),
            words("^UNLOCK TABLES?\\b"),
            words("\\bALGORITHM ?=? ?(INPLACE|COPY)\\b"),
            words("^(SET (?!SESSION foreign_key_checks)|BEGIN|START TRANSACTION|COMMIT|ROLLBACK|USE)\\b"),
            words("^(ALTER TABLE|CREATE (UNIQUE )?INDEX|DROP INDEX)\\b(?!.*\\bALGORITHM\\b)"),
            "Say ALGORITHM=INSTANT, or ALGORITHM=INPLACE, LOCK=NONE; without it MySQL may copy the table.");

    /** Why a statement is not run as it stands, and what to do. */
    record Risk(String message, String remedy) {}

    static Wording of(Database database) {
        return database == Database.POSTGRESQL ? POSTGRESQL : MYSQL;
    }

    private static Pattern words(String expression) {
        return Pattern.compile(expression, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    boolean begins(String sql) {
        return begins.matcher(sql).find();
    }

    boolean ends(String sql) {
        return ends.matcher(sql).find();
    }

    boolean isLengthy(String sql) {
        return lengthy.matcher(sql).find();
    }

    /** @param longAmongOthers whether it takes long and does not stand alone */
    Optional<Risk> risk(Essence sql, boolean longAmongOthers) {
        String quoted = "\"" + sql.brief() + "\" ";
        if (session.matcher(sql.text()).find()) {
            return Optional.of(new Risk(
                    quoted + "sets the session, its timeouts or its transaction, which are Segue's to set.",
                    "Leave it out."));
        }
        if (longAmongOthers) {
            return Optional.of(new Risk(
                    quoted + "takes long, and keeps the locks of the others meanwhile.", "Let it stand alone."));
        }
        return careless.matcher(sql.text()).find()
                ? Optional.of(new Risk(quoted + "may keep every writer waiting for long.", remedy))
                : Optional.empty();
    }
}
