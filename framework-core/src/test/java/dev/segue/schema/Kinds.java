package dev.segue.schema;

import dev.segue.change.Declaration;
import dev.segue.change.Declaration.NewColumn;
import dev.segue.change.Form;
import dev.segue.change.SqlForm;
import dev.segue.database.TableName;
import dev.segue.lifecycle.Kind;
import java.util.List;

/** A change of each kind, of a table with indexes, a unique key, a foreign key and a check. */
@SuppressWarnings("ImmutableEnumChecker") // Its lists are, and so is what is in them.
enum Kinds {
    RENAME(
            Kind.REPLACE,
            List.of("name"),
            List.of(new NewColumn("full_name", null, false)),
            SqlForm.SAME,
            "UPDATE customer SET full_name = name",
            "CREATE INDEX customer_name ON customer (name DESC, id)",
            "ALTER TABLE customer ADD CONSTRAINT name_city UNIQUE (city, name)",
            "ALTER TABLE customer ADD CONSTRAINT name_known FOREIGN KEY (name) REFERENCES parent (handle)",
            "ALTER TABLE customer ADD CONSTRAINT name_given CHECK (name <> '')",
            "CREATE TABLE visit (who varchar(40), town varchar(10), CONSTRAINT visit_name FOREIGN KEY (town, who)"
                    + " REFERENCES customer (city, name) ON DELETE CASCADE)",
            "CREATE TABLE visit_again (who varchar(40), town varchar(10), CONSTRAINT again_name FOREIGN KEY (town, who)"
                    + " REFERENCES customer (city, name) ON DELETE CASCADE)"),
    RETYPE(
            Kind.REPLACE,
            List.of("name"),
            List.of(new NewColumn("label", "varchar(90)", true)),
            SqlForm.of("CONCAT({old}, '!')", "{new}"),
            "UPDATE customer SET label = CONCAT(name, '!')",
            "CREATE INDEX customer_name ON customer (name)",
            "CREATE UNIQUE INDEX name_city ON customer (city, name)"),
    SPLIT(
            Kind.REPLACE,
            List.of("name", "city"),
            List.of(new NewColumn("given", "varchar(40)", true), new NewColumn("town", "varchar(60)", false)),
            new SqlForm(List.of("{name}", "{city}"), List.of("{given}", "{town}")),
            "UPDATE customer SET given = name, town = city"),
    INTRODUCE(
            Kind.INTRODUCE,
            List.of("city"),
            List.of(new NewColumn("tier", "varchar(10)", true)),
            new SqlForm(List.of("COALESCE({city}, '-')"), List.of()),
            "UPDATE customer SET tier = COALESCE(city, '-')",
            "CREATE INDEX customer_name ON customer (name)"),
    RETIRE(
            Kind.RETIRE,
            List.of("name", "city"),
            List.of(),
            new SqlForm(List.of(), List.of("NULL", "'none'")),
            "SELECT 1",
            "CREATE INDEX customer_name ON customer (name)");

    final Kind kind;
    final String backfill;
    private final List<String> before;
    private final List<NewColumn> after;
    private final Form form;
    private final List<String> more;

    Kinds(Kind kind, List<String> before, List<NewColumn> after, Form form, String backfill, String... more) {
        this.kind = kind;
        this.before = before;
        this.after = after;
        this.form = form;
        this.backfill = backfill;
        this.more = List.of(more);
    }

    Declaration declaration() {
        return new Declaration(
                "customer-full-name", "Customer.it", kind, TableName.of("customer"), before, after, form);
    }

    /** Makes the table anew, with three rows. */
    void create(Shop shop) {
        shop.database.execute(
                "DROP TABLE IF EXISTS visit",
                "DROP TABLE IF EXISTS visit_again",
                "DROP TABLE IF EXISTS customer",
                "DROP TABLE IF EXISTS parent",
                "DELETE FROM segue_relaxed",
                shop.postgres() ? "SELECT 1" : "DELETE FROM segue_hidden",
                "CREATE TABLE parent (handle varchar(40) PRIMARY KEY)",
                "INSERT INTO parent VALUES ('Ada'), ('Grace')",
                "CREATE TABLE customer (id int PRIMARY KEY, name varchar(40) NOT NULL, city varchar(10), other int)",
                "INSERT INTO customer (id, name, city) VALUES (1, 'Ada', 'London'), (2, 'Grace', 'New York'), (3, 'Ada', NULL)");
        shop.database.execute(more.stream()
                // MySQL carries over none that belongs to another table.
                .filter(sql -> shop.postgres() || !sql.startsWith("CREATE TABLE visit"))
                // MySQL does not carry over one that it enforces.
                .map(sql -> !shop.postgres() && sql.contains(" CHECK ") ? sql + " NOT ENFORCED" : sql)
                .toArray(String[]::new));
    }
}
