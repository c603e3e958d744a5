package dev.segue.test.kit;

import dev.segue.database.Database;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a node of the application is started with.
 *
 * @param application the class that {@code main} gives to {@code SpringApplication}
 * @param arguments as on the command line
 */
record Launch(Class<?> application, String change, Database database, List<String> arguments) {

    /**
     * A node on this database that goes through the change as soon as it may.
     *
     * @param given more arguments; where both say something of one key, these count
     */
    static Launch on(
            Class<?> application,
            String change,
            Database database,
            String url,
            String username,
            String password,
            Stream<String> given) {
        Stream<String> own = Stream.of(
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=" + username,
                "--spring.datasource.password=" + password,
                "--server.port=0",
                "--segue.lease=3s",
                "--segue.schema.lock-pause=50ms..200ms",
                "--segue.changes." + change + ".shadow-for=0s",
                "--segue.changes." + change + ".contract=false");
        // Spring joins what is said twice.
        Map<String, String> byKey = new LinkedHashMap<>();
        Stream.concat(own, given).forEach(argument -> byKey.put(argument.split("=", 2)[0], argument));
        return new Launch(application, change, database, List.copyOf(byKey.values()));
    }
}
