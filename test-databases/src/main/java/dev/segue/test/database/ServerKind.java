package dev.segue.test.database;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which servers to take, as the system property {@value #PROPERTY} says. */
enum ServerKind {
    EMBEDDED,
    DOCKER,
    /** Docker if an engine answers at once, else embedded. */
    AUTO;

    static final String PROPERTY = "segue.test.databases";

    static ServerKind ofProperty() {
        String value = System.getProperty(PROPERTY, AUTO.text());
        return Arrays.stream(values())
                .filter(kind -> kind.text().equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("System property " + PROPERTY + " is '" + value
                        + "', which is none of "
                        + Arrays.stream(values()).map(ServerKind::text).collect(Collectors.joining(", "))));
    }

    /**
     * For an engine: who names a MySQL of his own wants that one, whether there is a Docker or not.
     *
     * @throws IllegalArgumentException if the properties contradict each other
     */
    static ServerKind of(Engine engine) {
        ServerKind asked = ofProperty();
        if (engine != Engine.MYSQL || System.getProperty(MySqlDistribution.PROPERTY) == null) {
            return asked;
        }
        if (asked == DOCKER) {
            throw new IllegalArgumentException("System property " + MySqlDistribution.PROPERTY
                    + " names a server on this machine, and " + PROPERTY + " wants Docker: leave out one of them");
        }
        return EMBEDDED;
    }

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
