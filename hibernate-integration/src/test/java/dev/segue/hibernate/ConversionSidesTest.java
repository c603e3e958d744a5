package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.hibernate.model.Account;
import dev.segue.hibernate.model.Account.Tier;
import dev.segue.lifecycle.Phase;
import dev.segue.test.database.Engine;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes in phases that stand beside each other read what the other one has written. */
@ParameterizedClass(name = "{0} {1} {2}")
@MethodSource("everyPair")
class ConversionSidesTest {

    private final Bench bench;
    private final SessionFactory first;
    private final SessionFactory second;

    ConversionSidesTest(Engine engine, Phase one, Phase other) {
        // With both columns.
        this.bench = ConversionTest.tables(engine, Phase.DUAL_WRITE);
        this.first = node(one);
        this.second = node(other);
    }

    private SessionFactory node(Phase phase) {
        return bench.factory(phase, ConversionTest.CHANGES, Map.of(), Account.class, Account.Purse.class);
    }

    /** Those that the rule lets live side by side: what one reads, the other writes. */
    static Stream<Arguments> everyPair() {
        Phase[] phases = Phase.values();
        return Stream.of(Engine.values())
                .flatMap(engine -> IntStream.range(0, phases.length)
                        .boxed()
                        .flatMap(i -> IntStream.range(i, Math.min(i + 2, phases.length))
                                .filter(j -> phases[i].writes(phases[j].reads()))
                                .filter(j -> phases[j].writes(phases[i].reads()))
                                .mapToObj(j -> Arguments.of(engine, phases[i], phases[j]))));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static Account read(SessionFactory factory) {
        return factory.fromTransaction(session -> session.find(Account.class, 1L));
    }

    @Test
    void eachReadsWhatTheOtherHasWritten() {
        first.inTransaction(session -> session.persist(new Account(1, 4350L, 99L, Tier.GOLD)));
        assertAccount(read(second), 4350L, 99L, Tier.GOLD);
        second.inTransaction(session -> {
            Account account = session.find(Account.class, 1L);
            account.balance = 1L;
            account.limit = null;
            account.tier = Tier.SILVER;
        });
        assertAccount(read(first), 1L, null, Tier.SILVER);
        first.inTransaction(session -> session.createMutationQuery(
                        "update Account a set a.balance = a.balance + 1, a.limit = 7, a.tier = null")
                .executeUpdate());
        assertAccount(read(second), 2L, 7L, null);
        List<Long> found = second.fromTransaction(session -> session.createSelectionQuery(
                        "select a.id from Account a where a.balance > 1 and a.limit = 7 and a.tier is null", Long.class)
                .getResultList());
        assertThat(found).containsExactly(1L);
        assertThat(bench.mismatches).isEmpty();
    }

    private static void assertAccount(
            Account found, @Nullable Long balance, @Nullable Long limit, @Nullable Tier tier) {
        assertThat(found.balance).isEqualTo(balance);
        assertThat(found.limit).isEqualTo(limit);
        assertThat(found.tier).isEqualTo(tier);
    }
}
