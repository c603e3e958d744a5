package dev.segue.benchmarks.live;

import dev.segue.benchmarks.Lines;
import dev.segue.benchmarks.Suite;
import dev.segue.test.database.DatabaseServer;
import dev.segue.test.database.DatabaseServers;
import java.time.Duration;
import java.util.List;

/** How long the requests of an application take while its change goes all the way. */
public final class LiveSuite implements Suite {

    private final DatabaseServer server;
    private final LiveWalk walk;

    /**
     * @param rows of the table
     * @param quick whether a few seconds must do
     */
    public LiveSuite(Lines lines, int rows, boolean quick) {
        this.server = DatabaseServers.start(lines.engine());
        this.walk = new LiveWalk(
                lines,
                server,
                rows,
                quick
                        ? new LiveWalk.Times(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(1))
                        : new LiveWalk.Times(Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(10)));
    }

    @Override
    public List<LiveWalk> experiments() {
        return List.of(walk);
    }

    @Override
    public void close() {
        server.close();
    }
}
