package dev.segue.schema;

import dev.segue.database.Database;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a generated statement is for, and which lock it takes on the table, for a reviewer.
 *
 * @param purpose in one line
 * @param lock as the database's manual calls it, and for how long
 */
record Explained(String purpose, String lock) {

    private static final String MOMENT = ", for a moment";
    private static final String EXCLUSIVE = "ACCESS EXCLUSIVE" + MOMENT + "; no scan, no rewrite";
    private static final String ONLINE = "SHARE UPDATE EXCLUSIVE; reads and writes go on";
    private static final String METADATA = "exclusive metadata lock" + MOMENT;
    private static final String BUILD = METADATA + " at its beginning and at its end; reads and writes go on meanwhile";

    private static final String NONE = "none on the table";
    private static final String NOTED = "notes which columns were mandatory, for the way back";
    private static final String FORGOTTEN = "they are mandatory again";

    private record Rule(Pattern statement, Explained explained) {

        static Rule of(String statement, String purpose, String lock) {
            return new Rule(Pattern.compile(statement, Pattern.DOTALL), new Explained(purpose, lock));
        }
    }

    /** The first that fits counts. */
    private static final List<Rule> POSTGRESQL = List.of(
            Rule.of("^INSERT INTO \\S*segue_relaxed", NOTED, NONE),
            Rule.of("^DELETE FROM \\S*segue_relaxed", FORGOTTEN, NONE),
            Rule.of("^GRANT ", "as on the old column", NONE),
            Rule.of("^ALTER SEQUENCE ", "goes over to the new column", "ACCESS SHARE; reads and writes go on"),
            Rule.of("^(CREATE|DROP) STATISTICS ", "as over the old column", ONLINE),
            Rule.of(" SET (STORAGE|COMPRESSION) ", "as the old column has it", EXCLUSIVE),
            Rule.of(" ALTER COLUMN .* SET \\(", "as the old column has it", ONLINE),
            Rule.of("^CREATE OR REPLACE FUNCTION ", "what a trigger of the guard does", NONE),
            Rule.of(
                    "^CREATE OR REPLACE TRIGGER ",
                    "catches writes that leave one side behind",
                    "SHARE ROW EXCLUSIVE" + MOMENT + "; readers go on"),
            Rule.of("^COMMENT ON TRIGGER ", "says what it is", "ACCESS SHARE; reads and writes go on"),
            Rule.of("^COMMENT ON ", "says what it is", ONLINE),
            Rule.of("^DROP TRIGGER ", "this guard is not needed any more, or makes way for another", EXCLUSIVE),
            Rule.of("^DROP FUNCTION ", "what the trigger did", "none on the table"),
            Rule.of("^DROP INDEX CONCURRENTLY ", "removes what an interrupted build may have left", ONLINE),
            Rule.of(
                    "^CREATE (UNIQUE )?INDEX .* ON ONLY ",
                    "takes in those of the partitions; empty",
                    "SHARE" + MOMENT + "; readers go on"),
            Rule.of(
                    "^ALTER INDEX .* ATTACH PARTITION ",
                    "makes one index of them",
                    "ACCESS SHARE; reads and writes go on"),
            Rule.of("^DROP INDEX ", "an index over all partitions", EXCLUSIVE),
            Rule.of("^CREATE (UNIQUE )?INDEX CONCURRENTLY ", "takes the place of an index on the old column", ONLINE),
            Rule.of(" ADD COLUMN ", "the new column, nullable and without a default", EXCLUSIVE),
            Rule.of(" DROP COLUMN ", "the column goes; the rows stay as they are", EXCLUSIVE),
            Rule.of(
                    " ADD CONSTRAINT .* FOREIGN KEY .* NOT VALID",
                    "holds for rows that are written from now on",
                    "SHARE ROW EXCLUSIVE on both tables" + MOMENT + "; readers go on"),
            Rule.of(" ADD CONSTRAINT .* NOT VALID", "holds for rows that are written from now on", EXCLUSIVE),
            Rule.of(" ADD CONSTRAINT .* USING INDEX", "makes a constraint of the index", EXCLUSIVE),
            Rule.of(" VALIDATE CONSTRAINT ", "proves it of every row", ONLINE),
            Rule.of(" SET NOT NULL", "mandatory, by the proof of the check before", EXCLUSIVE),
            Rule.of(" DROP NOT NULL", "may be left out", EXCLUSIVE),
            Rule.of(" DROP CONSTRAINT ", "has done its work", EXCLUSIVE),
            Rule.of(" SET DEFAULT ", "what a row holds that does not give it", EXCLUSIVE),
            Rule.of(" DROP DEFAULT", "as it was before", EXCLUSIVE),
            Rule.of(" SET STATISTICS ", "as the old column has it", ONLINE));

    private static final List<Rule> MYSQL = List.of(
            Rule.of("^INSERT IGNORE INTO \\S*segue_relaxed", NOTED, NONE),
            Rule.of("^DELETE FROM \\S*segue_relaxed", FORGOTTEN, NONE),
            Rule.of("^INSERT IGNORE INTO \\S*segue_hidden", "notes which columns were visible, for the way back", NONE),
            Rule.of("^DELETE FROM \\S*segue_hidden", "they are visible again", NONE),
            Rule.of(
                    " SET INVISIBLE",
                    "a dry run of the drop: gone for SELECT * and for INSERT without a list of columns",
                    METADATA),
            Rule.of(" SET VISIBLE", "ends the dry run", METADATA),
            Rule.of(
                    "^SET SESSION foreign_key_checks",
                    "so that a foreign key is added without a copy of the table",
                    NONE),
            Rule.of(" ADD CONSTRAINT ", "holds for the new column what held for the old one", METADATA),
            Rule.of(" DROP (FOREIGN KEY|CHECK) ", "is not needed any more", METADATA),
            Rule.of("^CREATE TRIGGER ", "catches writes that leave one side behind", METADATA),
            Rule.of("^DROP TRIGGER ", "this guard is not needed any more, or makes way for another", METADATA),
            Rule.of("^LOCK TABLES ", "so that nobody writes between this and UNLOCK TABLES", METADATA),
            Rule.of("^UNLOCK TABLES", "others may go on", "none"),
            Rule.of(
                    "^ANALYZE TABLE .* UPDATE HISTOGRAM",
                    "as of the old column, of the values that are there",
                    "shared metadata lock; reads and writes go on"),
            Rule.of("^ANALYZE TABLE .* DROP HISTOGRAM", "is not needed any more", "shared metadata lock"),
            Rule.of(" ADD COLUMN .*=INSTANT", "the new column, nullable and without a default", METADATA),
            Rule.of(" DROP COLUMN .*=INSTANT", "the column goes; the rows stay as they are", METADATA),
            Rule.of(" ADD (UNIQUE )?INDEX .*=INPLACE", "takes the place of an index on the old column", BUILD),
            Rule.of(" DROP INDEX .*=INPLACE", "an index that is not needed any more", METADATA),
            Rule.of(" MODIFY COLUMN .* NOT NULL.*=INPLACE", "mandatory; rebuilds the table online", BUILD),
            Rule.of(" MODIFY COLUMN .*=INPLACE", "may be left out; rebuilds the table online", BUILD),
            Rule.of(" MODIFY COLUMN .*=INSTANT", "what a row holds that does not give it", METADATA));

    /** Nothing for a statement that no rule knows. */
    static Optional<Explained> of(Database database, String sql) {
        return (database == Database.POSTGRESQL ? POSTGRESQL : MYSQL)
                .stream()
                        .filter(rule -> rule.statement().matcher(sql).find())
                        .map(Rule::explained)
                        .findFirst();
    }
}
