package dev.segue.test.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** A server in a container. The only class that knows Testcontainers, so that nothing of it loads without need. */
final class DockerContainer implements ServerProcess {

    private static final String PASSWORD = "segue";
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Engine engine;
    private final String image;
    private final JdbcDatabaseContainer<?> container;
    private final int port;

    DockerContainer(Engine engine, int port) {
        this.engine = engine;
        this.port = port;
        this.image = switch (engine) {
            case POSTGRESQL -> System.getProperty("segue.test.postgresql-image", "postgres:18");
            case MYSQL -> System.getProperty("segue.test.mysql-image", "mysql:8.4");
        };
        this.container = switch (engine) {
            case POSTGRESQL -> postgresql(image);
            case MYSQL -> mysql(image);
        };
        int inside = container.getExposedPorts().get(0);
        // Fixed, since Docker would choose another port at each start.
        container.setPortBindings(List.of(port + ":" + inside));
    }

    private static JdbcDatabaseContainer<?> postgresql(String image) {
        return new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withUsername("postgres")
                .withPassword(PASSWORD)
                .withCommand(
                        "postgres",
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "max_connections=300",
                        "-c",
                        "max_prepared_transactions=10",
                        "-c",
                        "wal_level=logical");
    }

    private static JdbcDatabaseContainer<?> mysql(String image) {
        return new MySQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("mysql"))
                .withUsername("root")
                .withPassword(PASSWORD)
                .withCommand(
                        "mysqld",
                        "--server-id=1",
                        "--log-bin-trust-function-creators=ON",
                        "--gtid-mode=ON",
                        "--enforce-gtid-consistency=ON",
                        "--max-connections=300");
    }

    @Override
    public Login login() {
        return new Login(engine, container.getHost(), port, container.getUsername(), container.getPassword());
    }

    @Override
    public String how() {
        return "Docker " + image;
    }

    @Override
    public ServerProcess replica(int other, int through) {
        throw new UnsupportedOperationException(
                "There are no replicas of a server in a container; run with -D" + ServerKind.PROPERTY + "=embedded.");
    }

    @Override
    public void start() {
        if (container.getContainerId() == null) {
            try {
                container.start();
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "%s does not start. Start Docker and see that it has or can pull the image, or run with -D%s=embedded."
                                .formatted(how(), ServerKind.PROPERTY),
                        e);
            }
        } else {
            container
                    .getDockerClient()
                    .startContainerCmd(container.getContainerId())
                    .exec();
            awaitAnswer();
        }
    }

    /** Not Testcontainers' own stop, which removes the container and the data with it. */
    @Override
    public void stop() {
        container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void discard() {
        container.stop();
    }

    private void awaitAnswer() {
        long deadline = System.nanoTime() + RESTART_LIMIT.toNanos();
        while (true) {
            try {
                login().version();
                return;
            } catch (SQLException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            how() + " does not answer after its restart:\n" + container.getLogs(), notYet);
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }
}
