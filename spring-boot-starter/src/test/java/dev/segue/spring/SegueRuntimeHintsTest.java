package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeHint;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What a native image is told to keep. */
class SegueRuntimeHintsTest {

    private static final RuntimeHints HINTS = new RuntimeHints();

    static {
        SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class)
                .stream()
                .filter(SegueRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(HINTS, null));
    }

    @Test
    void everyClassThatIsNamedIsThere() {
        assertThat(Stream.concat(
                        HINTS.reflection().typeHints().map(TypeHint::getType),
                        HINTS.proxies().jdkProxyHints().flatMap(proxy -> proxy.getProxiedInterfaces().stream())))
                .hasSizeGreaterThan(20)
                .allSatisfy(type -> assertThat(Class.forName(type.getName())).isNotNull());
    }

    @Test
    void theTablesAndThePageAreKept() {
        for (String resource : new String[] {
            "dev/segue/fleet/postgresql/V1__registry.sql",
            "dev/segue/fleet/mysql/V1__registry.sql",
            "dev/segue/spring/page/page.html",
            "dev/segue/spring/segue.schema.json"
        }) {
            assertThat(Objects.requireNonNull(getClass().getClassLoader().getResource(resource)))
                    .isNotNull();
            assertThat(RuntimeHintsPredicates.resource().forResource(resource)).accepts(HINTS);
        }
    }
}
