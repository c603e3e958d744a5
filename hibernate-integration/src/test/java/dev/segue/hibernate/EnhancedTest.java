package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.hibernate.model.Draft;
import dev.segue.hibernate.model.Writing;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import org.hibernate.Hibernate;
import org.hibernate.SessionFactory;
import org.hibernate.bytecode.enhance.spi.DefaultEnhancementContext;
import org.hibernate.bytecode.internal.BytecodeProviderInitiator;
import org.hibernate.resource.jdbc.spi.StatementInspector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An enhanced entity that tells itself what has changed, and loads another attribute only when it is asked for. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyPhase")
class EnhancedTest {

    private static final Class<? extends Writing> ENTITY = enhanced();

    private final Bench bench;
    private final SessionFactory factory;
    private final List<String> sql = new CopyOnWriteArrayList<>();

    EnhancedTest(Engine engine, Phase phase) {
        bench = new Bench(engine, phase);
        bench.table("draft", "id bigint PRIMARY KEY, essay varchar(255)", "varchar(255)", "name", "title");
        bench.addColumns("draft", "fee", "numeric(38,2)", "fee_cents", "bigint");
        bench.addColumns("draft", "credit", "numeric(38,2)", "limit_cents", "bigint");
        factory = bench.factory(
                List.of("draft-title", "draft-fee", "draft-limit"),
                Map.of("hibernate.session_factory.statement_inspector", (StatementInspector) statement -> {
                    sql.add(statement);
                    return statement;
                }),
                ENTITY);
        factory.inTransaction(session -> session.persist(draft("one", 100L, 200L, "long")));
    }

    /** The class under another name, as Hibernate's plugin for the build would have changed it. */
    private static Class<? extends Writing> enhanced() {
        String name = EnhancedTest.class.getPackageName() + ".EnhancedDraft";
        byte[] plain = new ByteBuddy().redefine(Draft.class).name(name).make().getBytes();
        byte[] enhanced = Objects.requireNonNull(BytecodeProviderInitiator.buildDefaultBytecodeProvider()
                .getEnhancer(new DefaultEnhancementContext())
                .enhance(name, plain));
        try {
            return MethodHandles.lookup().defineClass(enhanced).asSubclass(Writing.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> everyPhase() {
        return Bench.everyPhase();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Writing draft(@Nullable String title, @Nullable Long fee, @Nullable Long limit, String essay) {
        try {
            Writing draft = ENTITY.getConstructor().newInstance();
            draft.is(1);
            draft.title(title);
            draft.fee(fee);
            draft.limit(limit);
            draft.essay(essay);
            return draft;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void change(Consumer<Writing> change) {
        factory.inTransaction(session -> {
            Writing found = session.find(ENTITY, 1L);
            assertThat(Hibernate.isPropertyInitialized(found, "essay")).isFalse();
            change.accept(found);
        });
    }

    private void assertRow(@Nullable String title, @Nullable Long fee, @Nullable Long limit, String essay) {
        List<@Nullable String> expected = new ArrayList<>();
        List<@Nullable String> found = new ArrayList<>();
        for (List<String> pair :
                List.of(List.of("name", "title"), List.of("fee", "fee_cents"), List.of("credit", "limit_cents"))) {
            found.addAll(bench.columns("draft", pair.get(0), pair.get(1), 1));
        }
        expected.addAll(bench.written(title, title));
        expected.addAll(bench.written(euros(fee), fee));
        expected.addAll(bench.written(euros(limit), limit));
        assertThat(found).isEqualTo(expected);
        assertThat(bench.database.value("SELECT essay FROM draft WHERE id = 1", String.class))
                .isEqualTo(essay);
        Writing read = factory.fromTransaction(session -> session.find(ENTITY, 1L));
        assertThat(read.title()).isEqualTo(title);
        assertThat(read.fee()).isEqualTo(fee);
        assertThat(read.limit()).isEqualTo(limit);
    }

    private static @Nullable String euros(@Nullable Long cents) {
        return cents == null ? null : java.math.BigDecimal.valueOf(cents, 2).toPlainString();
    }

    @Test
    void isRightOnBothSidesWhateverHasBeenLoaded() {
        assertRow("one", 100L, 200L, "long");
        sql.clear();
        change(found -> assertThat(found.essay()).isEqualTo("long"));
        assertThat(sql).as("what is loaded late is no reason to write").hasSize(2);

        change(found -> found.title("two"));
        assertRow("two", 100L, 200L, "long");
        change(found -> found.essay("longer"));
        assertRow("two", 100L, 200L, "longer");
        change(found -> {
            found.fee(150L);
            found.limit(250L);
        });
        assertRow("two", 150L, 250L, "longer");
        change(found -> {
            found.essay();
            found.title(null);
            found.fee(null);
            found.limit(null);
        });
        assertRow(null, null, null, "longer");
    }

    @Test
    void isRightWhenItComesBackDetachedOrWithoutASession() {
        Writing detached = factory.fromTransaction(session -> session.find(ENTITY, 1L));
        detached.title("two");
        detached.limit(300L);
        factory.inTransaction(session -> session.merge(detached));
        assertRow("two", 100L, 300L, "long");

        factory.inStatelessTransaction(session -> {
            Writing found = Objects.requireNonNull(session.get(ENTITY, 1L));
            found.essay("longer");
            found.fee(300L);
            session.update(found);
        });
        assertRow("two", 300L, 300L, "longer");

        factory.inTransaction(session -> {
            Writing found = session.find(ENTITY, 1L);
            found.title("three");
            session.flush();
            found.fee(400L);
            session.flush();
            session.refresh(found);
            assertThat(found.title()).isEqualTo("three");
            found.limit(400L);
        });
        assertRow("three", 400L, 400L, "longer");
    }
}
