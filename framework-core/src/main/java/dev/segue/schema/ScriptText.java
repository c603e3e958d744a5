package dev.segue.schema;

import dev.segue.database.Database;
import java.util.List;

/** Writes scripts: as both {@link ScriptParser} and the database's own client read them. */
final class ScriptText {

    private final Database database;
    private final StringBuilder text = new StringBuilder();

    ScriptText(Database database) {
        this.database = database;
    }

    ScriptText comment(String line) {
        text.append("-- ").append(line.replaceAll("\\R", " ")).append('\n');
        return this;
    }

    ScriptText gap() {
        text.append('\n');
        return this;
    }

    /** Statements that belong together. */
    ScriptText block(Block block) {
        return block(block, false);
    }

    /** A generated step, with what a reviewer wants to know of each statement. */
    ScriptText explained(Step step, OwnSchema own) {
        Block block = block(step);
        return gap().block(
                        new Block(block.sql().stream().map(own::without).toList(), block.together(), block.lengthy()),
                        true);
    }

    private ScriptText block(Block block, boolean explain) {
        boolean transaction = block.together() && database == Database.POSTGRESQL;
        if (transaction) {
            text.append("BEGIN;\n");
        }
        for (String sql : block.sql()) {
            if (explain) {
                Explained.of(database, sql)
                        .ifPresent(known -> comment(known.purpose() + " (lock: " + known.lock() + ")"));
            }
            statement(sql);
        }
        if (transaction) {
            text.append("COMMIT;\n");
        }
        return this;
    }

    static Block block(Step step) {
        boolean lengthy = step.kind() == Step.Kind.LONG;
        return new Block(step.sql(), !lengthy && step.sql().size() > 1, lengthy);
    }

    ScriptText statements(List<String> sql) {
        sql.forEach(this::statement);
        return this;
    }

    private void statement(String sql) {
        // MySQL's client would end the statement of a trigger at the first semicolon in it.
        if (database == Database.MYSQL && sql.indexOf(';') >= 0) {
            String delimiter = "$segue$";
            while (sql.contains(delimiter)) {
                delimiter = delimiter.replaceFirst("\\$$", "x\\$");
            }
            text.append("DELIMITER ").append(delimiter).append('\n').append(sql).append(delimiter);
            text.append("\nDELIMITER ;\n");
        } else {
            text.append(sql).append(";\n");
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
