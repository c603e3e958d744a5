package dev.segue.hibernate.matrix;

import dev.segue.hibernate.Bench;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.SharedSessionContract;
import org.hibernate.Transaction;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;

/**
 * The tables of several shapes with the columns of one phase, and a session factory on them. The plain one has the
 * attribute in the new column and no change.
 */
final class Ground implements AutoCloseable {

    /** Rows of all tables of a shape, each from column to value as JDBC gives it. */
    record Content(Map<String, List<Map<String, @Nullable Object>>> tables) {}

    /** What the plain mapping is read with as well. */
    static final Map<String, Object> SETTINGS = Map.of(
            "hibernate.hbm2ddl.auto",
            "none",
            "hibernate.physical_naming_strategy",
            "org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl");

    private final Engine engine;
    private final Bench bench;
    private final Optional<Kind> kind;
    private final Optional<Phase> phase;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    private Ground(Engine engine, Optional<Kind> kind, Optional<Phase> phase, List<Shape> shapes) {
        this.engine = engine;
        this.kind = kind;
        this.phase = phase;
        this.bench = new Bench(engine, phase.orElse(Phase.NEW_ONLY));
        bench.database.execute(shapes.stream()
                .flatMap(shape -> shape.create(engine, columns(shape)).stream())
                .distinct()
                .toArray(String[]::new));
        Map<String, Object> settings = new TreeMap<>(SETTINGS);
        kind.ifPresent(one -> settings.put(Kind.SETTING, one));
        settings.put("hibernate.order_updates", "true");
        settings.put("hibernate.order_inserts", "true");
        settings.put("hibernate.jdbc.batch_versioned_data", "true");
        settings.put("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
            sql.add(statement);
            return statement;
        });
        this.factory = bench.factory(
                List.of(Kind.CHANGE),
                settings,
                shapes.stream().flatMap(Shape::classes).distinct().toArray(Class<?>[]::new));
    }

    static Ground plain(Engine engine, List<Shape> shapes) {
        return new Ground(engine, Optional.empty(), Optional.empty(), shapes);
    }

    static Ground in(Engine engine, Kind kind, Phase phase, List<Shape> shapes) {
        return new Ground(engine, Optional.of(kind), Optional.of(phase), shapes);
    }

    private List<String> columns(Shape shape) {
        return kind
                .map(one -> one.columns(phase(), engine, shape.values()))
                .orElseGet(() -> shape.values().columns(engine))
                .entrySet()
                .stream()
                .map(column -> column.getKey() + " " + column.getValue())
                .toList();
    }

    /** Writes the rows that every way finds. */
    void seed(Shape shape) {
        factory.inTransaction(session -> IntStream.rangeClosed(1, 3)
                .forEach(nr -> session.persist(shape.row(nr, shape.values().seed(nr)))));
    }

    /** Writes the same rows without Hibernate. */
    void copy(Shape shape, Content content) {
        try (Connection connection = bench.database.connect()) {
            for (var table : content.tables().entrySet()) {
                for (Map<String, @Nullable Object> row : table.getValue()) {
                    insert(connection, table.getKey(), inPhase(row));
                }
            }
            if (shape.is(Shape.Trait.GENERATED) && engine == Engine.POSTGRESQL) {
                // MySQL counts on by itself.
                shape.tables()
                        .keySet()
                        .forEach(table ->
                                bench.database.execute("ALTER TABLE " + table + " ALTER COLUMN id RESTART WITH 100"));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void insert(Connection connection, String table, Map<String, @Nullable Object> row)
            throws SQLException {
        String sql = "INSERT INTO " + table + " (" + String.join(", ", row.keySet()) + ") VALUES ("
                + String.join(", ", Collections.nCopies(row.size(), "?")) + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            int position = 1;
            for (Object value : row.values()) {
                insert.setObject(position++, value);
            }
            insert.executeUpdate();
        }
    }

    /** A row of the plain table as it should be in this phase. */
    private Map<String, @Nullable Object> inPhase(Map<String, @Nullable Object> row) {
        return kind.isEmpty() || !row.containsKey(Kind.NEW) ? row : kind.get().row(phase(), row);
    }

    Content content(Shape shape) {
        try (Connection connection = bench.database.connect()) {
            return content(connection, shape);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Content content(Connection connection, Shape shape) throws SQLException {
        Map<String, List<Map<String, @Nullable Object>>> tables = new TreeMap<>();
        for (String table : shape.tables().keySet()) {
            try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table);
                    ResultSet found = select.executeQuery()) {
                List<Map<String, @Nullable Object>> rows = new ArrayList<>();
                while (found.next()) {
                    Map<String, @Nullable Object> row = new TreeMap<>();
                    for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                        row.put(found.getMetaData().getColumnLabel(i), found.getObject(i));
                    }
                    rows.add(row);
                }
                tables.put(table, rows);
            }
        }
        return new Content(tables);
    }

    /** What this phase's tables should have, as texts that can be compared. */
    String expected(Shape shape, Content plain) {
        return rendered(shape, plain, true);
    }

    String found(Shape shape, Content content) {
        return rendered(shape, content, false);
    }

    private String rendered(Shape shape, Content content, boolean plain) {
        return content.tables().entrySet().stream()
                .map(table -> table.getKey() + "="
                        + table.getValue().stream()
                                .map(row -> plain ? inPhase(row) : row)
                                .map(row -> rendered(shape, row))
                                .sorted()
                                .toList())
                .collect(Collectors.joining(" "));
    }

    private static String rendered(Shape shape, Map<String, @Nullable Object> row) {
        return row.entrySet().stream()
                .filter(column ->
                        !shape.is(Shape.Trait.GENERATED) || !column.getKey().equals("id"))
                .map(column -> column.getKey() + "=" + Rendered.of(column.getValue()))
                .toList()
                .toString();
    }

    /** One way over one shape; its transaction is rolled back. */
    Outcome run(Shape shape, Way way) {
        sql.clear();
        try (SharedSessionContract opened = way.stateless() ? factory.openStatelessSession() : factory.openSession()) {
            Transaction transaction = opened.beginTransaction();
            try {
                Object result = way.act().on(new Run(opened, shape));
                List<String> statements = List.copyOf(sql);
                Content content = opened.doReturningWork(connection -> content(connection, shape));
                return Outcome.done(shape, result, content, statements);
            } catch (RuntimeException e) {
                return Outcome.failed(e);
            } finally {
                transaction.rollback();
            }
        }
    }

    @Nullable
    Kind kind() {
        return kind.orElse(null);
    }

    boolean hides() {
        return kind.map(one -> one.hides(phase())).orElse(false);
    }

    Phase phase() {
        return phase.orElse(Phase.NEW_ONLY);
    }

    List<String> mismatches() {
        return bench.mismatches;
    }

    Stream<String> unnamed() {
        return kind.stream().flatMap(one -> one.unnamed(phase()));
    }

    @Override
    public void close() {
        bench.close();
    }

    @Override
    public String toString() {
        return kind.map(Objects::toString).orElse("plain") + " "
                + phase.map(Phase::id).orElse("");
    }
}
