package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.Interceptor;
import org.hibernate.SessionFactory;
import org.hibernate.type.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds in every phase and is neither a shape nor a way of the matrix. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class OutsideTheMatrixTest {

    private final Phase phase;
    private final Bench bench;

    OutsideTheMatrixTest(Engine engine, Phase phase) {
        this.phase = phase;
        this.bench = new Bench(engine, phase);
    }

    static Stream<Arguments> everyPhase() {
        return Bench.everyPhase();
    }

    @BeforeEach
    void tables() {
        bench.database.execute("CREATE TABLE team (id bigint PRIMARY KEY)");
        bench.table(
                "player",
                "id bigint PRIMARY KEY, note varchar(200), team_id bigint",
                "varchar(200)",
                "name",
                "full_name");
        bench.addColumns("player", "varchar(200)", "town", "city");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Entity(name = "Team")
    @Table(name = "team")
    public static class Team {

        @Id
        public long id;

        @OneToMany(mappedBy = "team")
        @OrderBy("fullName desc")
        public List<Player> players = new ArrayList<>();
    }

    @Entity(name = "Player")
    @Table(
            name = "player",
            uniqueConstraints = @UniqueConstraint(columnNames = "full_name"),
            indexes = @Index(columnList = "full_name"))
    public static class Player {

        @Id
        public long id;

        public @Nullable String note;

        @ManyToOne
        @JoinColumn(name = "team_id")
        public @Nullable Team team;

        @Column(name = "full_name")
        @Replaces(change = "full-name", column = "name")
        public @Nullable String fullName;

        @Embedded
        public @Nullable Home home;
    }

    @Embeddable
    public static class Home {

        @Column(name = "city")
        @Replaces(change = "home", column = "town")
        public @Nullable String city = "Rome";
    }

    private SessionFactory factory(Map<String, Object> settings) {
        return bench.factory(List.of("full-name", "home"), settings, Team.class, Player.class);
    }

    private SessionFactory twoPlayers() {
        SessionFactory factory = factory(Map.of());
        factory.inTransaction(session -> {
            Team team = new Team();
            team.id = 1;
            session.persist(team);
            for (long id = 1; id <= 2; id++) {
                Player player = new Player();
                player.id = id;
                player.team = team;
                player.fullName = "p" + id;
                player.home = new Home();
                session.persist(player);
            }
        });
        return factory;
    }

    private void assertName(String expected) {
        assertThat(bench.columns("player", "name", "full_name", 1))
                .isNotEmpty()
                .allMatch(value -> Objects.equals(value, expected));
    }

    @Test
    void aCollectionIsOrderedByTheSideThatIsRead() {
        List<@Nullable String> names = twoPlayers()
                .fromSession(session -> session.find(Team.class, 1L).players.stream()
                        .map(player -> player.fullName)
                        .toList());

        assertThat(names).containsExactly("p2", "p1");
    }

    /** Sets the name in the state that is about to be written. */
    private static final class Naming implements Interceptor {

        @Override
        public boolean onPersist(Object entity, Object id, Object[] state, String[] propertyNames, Type[] types) {
            state[Arrays.asList(propertyNames).indexOf("fullName")] = "persisted";
            return true;
        }

        @Override
        public boolean onFlushDirty(
                Object entity,
                Object id,
                Object[] currentState,
                Object[] previousState,
                String[] propertyNames,
                Type[] types) {
            currentState[Arrays.asList(propertyNames).indexOf("fullName")] = "flushed";
            return true;
        }
    }

    @Test
    void whatAnInterceptorSetsIsWrittenToEverySide() {
        SessionFactory factory = factory(Map.of("hibernate.session_factory.interceptor", new Naming()));
        Player player = new Player();
        player.id = 1;
        factory.inTransaction(session -> session.persist(player));
        assertName("persisted");
        factory.inTransaction(session -> session.find(Player.class, 1L).note = "b");
        assertName("flushed");
    }

    @Test
    void anExpressionThatMayDifferTheSecondTimeIsRefused() {
        SessionFactory factory = twoPlayers();
        for (String hql : List.of(
                "update Player p set p.fullName = cast(function('random_name') as string)",
                "insert into Player (id, fullName) select p.id + 100, function('random_name') from Player p")) {
            if (phase.writesBoth()) {
                assertThatThrownBy(() -> factory.inTransaction(
                                session -> session.createMutationQuery(hql).executeUpdate()))
                        .as(hql)
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("Player.fullName")
                        .hasMessageContaining("random_name")
                        .hasMessageContaining("Assign a parameter");
            }
        }
        assertName("p1");
        assertThat(bench.database.value("SELECT count(*) FROM player", Long.class))
                .isEqualTo(2L);
    }

    @Test
    void aDifferenceIsReportedInTheShadowAndTheReaderIsGivenTheOldSide() {
        SessionFactory factory = twoPlayers();
        if (phase.writesBoth()) {
            bench.database.execute("UPDATE player SET full_name = 'P1', city = 'Oslo' WHERE id = 1");
        }
        List<@Nullable String> names =
                factory.fromTransaction(session -> session.createSelectionQuery("from Player order by id", Player.class)
                        .getResultStream()
                        .map(player -> player.fullName)
                        .toList());

        boolean shadow = phase == Phase.SHADOW_READ;
        assertThat(bench.mismatches)
                .containsExactlyInAnyOrderElementsOf(shadow ? List.of("full-name", "home") : List.of());
        assertThat(bench.differing).containsExactlyElementsOf(shadow ? List.of("1", "1") : List.of());
        assertThat(names).containsExactly(phase == Phase.READ_NEW ? "P1" : "p1", "p2");
    }
}
