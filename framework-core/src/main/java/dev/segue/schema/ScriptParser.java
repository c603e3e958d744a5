package dev.segue.schema;

import dev.segue.database.Database;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.parser.Parser;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.core.internal.sqlscript.SqlStatement;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;
import org.flywaydb.database.mysql.MySQLParser;
import org.flywaydb.database.postgresql.PostgreSQLParser;
import org.jspecify.annotations.Nullable;

/**
 * Takes a script apart by Flyway's own parser, which knows dollar quotes, {@code DELIMITER} and the like, and refuses
 * what cannot be run safely beside the application.
 */
final class ScriptParser {

    private final Database database;
    private final String where;
    private final Wording wording;
    private final List<Block> blocks = new ArrayList<>();
    private @Nullable List<String> open;

    private ScriptParser(Database database, String where) {
        this.database = database;
        this.where = where;
        this.wording = Wording.of(database);
    }

    /**
     * @param where the script, as a message names it
     * @throws StageHeldException if a statement of it cannot be run
     */
    static Script parse(Database database, String where, String text) {
        ScriptParser script = new ScriptParser(database, where);
        FluentConfiguration plain = new FluentConfiguration().placeholderReplacement(false);
        Parser parser = switch (database) {
            case POSTGRESQL -> new PostgreSQLParser(plain, new ParsingContext());
            case MYSQL -> new MySQLParser(plain, new ParsingContext());
        };
        try (SqlStatementIterator statements = parser.parse(new StringResource(text))) {
            while (statements.hasNext()) {
                script.take(statements.next());
            }
        }
        if (script.open != null) {
            throw new StageHeldException(
                    "Script " + where + " begins a transaction or takes a lock that it does not end.",
                    "End it with " + (database == Database.POSTGRESQL ? "COMMIT." : "UNLOCK TABLES."));
        }
        return new Script(where, script.blocks);
    }

    private void take(SqlStatement statement) {
        String essence = Essence.of(statement.getSql()).text();
        boolean begins = wording.begins(essence);
        boolean ends = wording.ends(essence);
        if (begins) {
            open = new ArrayList<>();
        }
        // LOCK TABLES is run where it stands; who begins and ends a transaction is Segue.
        boolean frame = database == Database.POSTGRESQL && (begins || ends);
        boolean lengthy = !statement.canExecuteInTransaction() || wording.isLengthy(essence);
        if (!frame) {
            wording.risk(new Essence(essence), lengthy && open != null).ifPresent(risk -> {
                throw new StageHeldException(
                        "Script " + where + ", line " + statement.getLineNumber() + ": " + risk.message(),
                        risk.remedy());
            });
            add(statement.getSql(), lengthy);
        }
        List<String> together = open;
        if (ends && together != null) {
            blocks.add(new Block(together, true, false));
            open = null;
        }
    }

    private void add(String sql, boolean lengthy) {
        if (open != null) {
            open.add(sql);
        } else {
            blocks.add(new Block(List.of(sql), false, lengthy));
        }
    }
}
