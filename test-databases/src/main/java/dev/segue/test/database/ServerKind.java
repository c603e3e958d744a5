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

    private String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
