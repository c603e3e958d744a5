package dev.segue.hibernate.matrix;

import dev.segue.hibernate.Bench;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes on the same evolving tables, each in a phase of its own, and a plain application on tables of its own. The nodes
 * move as the rule allows; a side that is to be read is first filled from the other one, as a backfill and its seal do.
 */
final class Pair implements AutoCloseable {

    private final Kind kind;
    private final Exchange exchange;
    private final List<Shape> shapes;
    private final Random random;
    private final Bench evolving;
    private final Bench plain;
    private final SessionFactory plainFactory;
    private final Map<Phase, SessionFactory> factories = new EnumMap<>(Phase.class);
    private final Phase[] nodes = {Phase.OLD_ONLY, Phase.OLD_ONLY};
    private final Set<Side> sealed = EnumSet.of(Side.OLD);
    private int moves;

    <K extends Kind & Exchange> Pair(Engine engine, K kind, List<Shape> shapes, Random random) {
        this.kind = kind;
        this.exchange = kind;
        this.shapes = shapes;
        this.random = random;
        this.evolving = new Bench(engine, Phase.DUAL_WRITE);
        this.plain = new Bench(engine, Phase.NEW_ONLY);
        for (Shape shape : shapes) {
            create(evolving, engine, shape, Phase.DUAL_WRITE);
            create(plain, engine, shape, Phase.NEW_ONLY);
        }
        Class<?>[] classes = shapes.stream().flatMap(Shape::classes).distinct().toArray(Class<?>[]::new);
        this.plainFactory = plain.factory(Phase.NEW_ONLY, List.of(Kind.CHANGE), Ground.SETTINGS, classes);
        Map<String, Object> settings = new TreeMap<>(Ground.SETTINGS);
        settings.put(Kind.SETTING, kind);
        for (Phase phase : Phase.values()) {
            factories.put(phase, evolving.factory(phase, List.of(Kind.CHANGE), settings, classes));
        }
    }

    private void create(Bench bench, Engine engine, Shape shape, Phase phase) {
        List<String> columns = kind.columns(phase, engine, shape.values()).entrySet().stream()
                .map(column -> column.getKey() + " " + column.getValue())
                .toList();
        bench.database.execute(shape.create(engine, columns).toArray(String[]::new));
    }

    SessionFactory plainFactory() {
        return plainFactory;
    }

    SessionFactory node(int node) {
        return Objects.requireNonNull(factories.get(nodes[node]));
    }

    Phase phase(int node) {
        return nodes[node];
    }

    int moves() {
        return moves;
    }

    /** One of the nodes goes to a phase chosen at random, if that is legal now or after a seal. */
    void move() {
        int node = random.nextInt(2);
        Phase wanted = Phase.values()[random.nextInt(Phase.values().length)];
        Phase other = nodes[1 - node];
        if (!wanted.writes(other.reads()) || !other.writes(wanted.reads())) {
            return;
        }
        if (!sealed.contains(wanted.reads()) && nodes[0].writesBoth() && nodes[1].writesBoth()) {
            fill(wanted.reads());
            sealed.add(wanted.reads());
        }
        if (sealed.contains(wanted.reads())) {
            moves += wanted == nodes[node] ? 0 : 1;
            nodes[node] = wanted;
            Stream.of(Side.values()).filter(side -> !wanted.writes(side)).forEach(sealed::remove);
        }
    }

    /** Gives every row of the side what the other side says. */
    private void fill(Side side) {
        try (Connection connection = evolving.database.connect()) {
            for (Shape shape : shapes) {
                String table = amounts(shape);
                for (Map<String, @Nullable Object> row : evolving.database.rows("SELECT * FROM " + table)) {
                    Map<String, @Nullable Object> filled =
                            side == Side.NEW ? exchange.after(shape.values(), row) : exchange.before(row);
                    update(connection, table, Objects.requireNonNull(row.get("id")), filled);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void update(Connection connection, String table, Object id, Map<String, @Nullable Object> values)
            throws SQLException {
        String sql = "UPDATE " + table + " SET " + String.join(" = ?, ", values.keySet()) + " = ? WHERE id = ?";
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            int position = 1;
            for (Object value : values.values()) {
                update.setObject(position++, value);
            }
            update.setObject(position, id);
            update.executeUpdate();
        }
    }

    private static String amounts(Shape shape) {
        return shape.tables().entrySet().stream()
                .filter(table -> table.getValue().contains("%amount"))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** What the plain tables hold, in the columns of the sides that have been proven. */
    List<String> expected() {
        return contents(plain, true);
    }

    /** What the evolving tables hold in these columns. */
    List<String> found() {
        return contents(evolving, false);
    }

    private List<String> contents(Bench bench, boolean isPlain) {
        List<String> all = new ArrayList<>();
        for (Shape shape : shapes) {
            for (String table : shape.tables().keySet()) {
                bench.database.rows("SELECT * FROM " + table + " ORDER BY id").forEach(row -> {
                    Map<String, @Nullable Object> sides = new TreeMap<>(row);
                    if (isPlain && row.containsKey(Kind.NEW)) {
                        sides.putAll(exchange.before(row));
                    }
                    Stream.of(Side.values())
                            .filter(side -> !sealed.contains(side))
                            .map(side -> side == Side.OLD ? Kind.OLD : Kind.NEW)
                            .forEach(unproven -> sides.keySet().removeIf(column -> column.startsWith(unproven)));
                    all.add(table
                            + sides.entrySet().stream()
                                    .map(column -> column.getKey() + "=" + Rendered.of(column.getValue()))
                                    .toList());
                });
            }
        }
        return all;
    }

    /** What shadow reads have reported since the last look, if both sides have been proven. */
    List<String> mismatches() {
        List<String> reported = sealed.contains(Side.NEW) ? List.copyOf(evolving.mismatches) : List.of();
        evolving.mismatches.clear();
        return reported;
    }

    @Override
    public void close() {
        evolving.close();
        plain.close();
    }
}
