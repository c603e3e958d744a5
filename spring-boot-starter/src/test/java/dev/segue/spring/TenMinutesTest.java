package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The walk of a new user: an application made of nothing but the text of the ten-minute start, deployed section by section
 * as a rolling deploy, while requests go on.
 *
 * <p>Each deploy is an application of its own in this JVM, with classes of its own. What the page does not say is said on
 * the command line: where the database is, a free port, and shorter waits.
 */
class TenMinutesTest {

    private static final Path PAGE = Path.of("..", "docs", "ten-minutes.md");

    private static final String RENAME = "customer-full-name";
    private static final String SPLIT = "customer-name-parts";

    private static final Duration LONG = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestDatabase database =
            DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();
    private final TestDatabase fresh = DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();
    private final List<Node> deployed = new ArrayList<>();

    /** What the last acknowledged write has said of each customer. */
    private final Map<Long, String> written = new ConcurrentHashMap<>();

    private volatile @Nullable Node current;

    private record Node(ConfigurableApplicationContext context, URLClassLoader loader) implements AutoCloseable {

        URI uri(String path) {
            return URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path);
        }

        @Override
        public void close() throws IOException {
            context.close();
            loader.close();
        }
    }

    @AfterEach
    void close() throws IOException {
        for (Node node : deployed) {
            node.close();
        }
        database.close();
        fresh.close();
    }

    @Test
    void everyStepWorksAsItIsWritten(@TempDir Path directory) throws Exception {
        GuideProject project = new GuideProject(PAGE, directory);

        project.follow("The application");
        deploy(project);
        assertThat(send("POST", "/customers", "Ann Lee")).isEqualTo("1");
        assertThat(send("GET", "/customers/1", "")).isEqualTo("Ann Lee");
        written.put(1L, "Ann Lee");
        try (Shopper shopper = new Shopper()) {
            project.follow("First deploy");
            deploy(project);
            awaitChange(RENAME, shopper, "dual-write", "/sealed/new", "true");

            project.follow("Second deploy");
            deploy(project);
            awaitChange(RENAME, shopper, "read-new", "/stages/contract", "pending");

            project.follow("Third deploy");
            deploy(project);
            awaitChange(RENAME, shopper, "new-only", "/stages/contract", "done");
            assertThat(columns(database)).containsExactlyInAnyOrder("id", "full_name");
            assertThat(change(RENAME).at("/end/remedy").asString())
                    .contains("Replaces")
                    .contains("segue.changes." + RENAME);

            project.follow("Fourth deploy");
            deploy(project);
            awaitChange(SPLIT, shopper, "new-only", "/stages/contract", "done");

            project.follow("Fifth deploy");
            deploy(project);
            shopper.awaitTurns(20);
        }
        assertThat(columns(database)).containsExactlyInAnyOrder("id", "first_name", "last_name");
        assertThat(written).hasSizeGreaterThan(10);
        for (Map.Entry<Long, String> customer : written.entrySet()) {
            assertThat(send("GET", "/customers/" + customer.getKey(), "")).isEqualTo(customer.getValue());
        }

        start(project, fresh);
        assertThat(columns(fresh)).containsExactlyInAnyOrder("id", "first_name", "last_name");
    }

    /** The versions on the page are those that are built and tested here. */
    @Test
    void namesTheVersionsOfToday(@TempDir Path directory) throws IOException {
        GuideProject project = new GuideProject(PAGE, directory);
        project.follow("The application");
        project.follow("First deploy");

        assertThat(project.file("pom.xml"))
                .contains("<version>" + SpringBootVersion.getVersion() + "</version>")
                .containsPattern("<artifactId>segue-spring-boot-starter</artifactId>\\s+<version>"
                        + Files.readString(Path.of("pom.xml")).replaceAll("(?s).*?<version>(.*?)</version>.*", "$1")
                        + "</version>");
    }

    /** The new version takes the requests, then the one before is stopped. */
    private void deploy(GuideProject project) throws Exception {
        Node next = start(project, database);
        Node before = current;
        current = next;
        if (before != null) {
            synchronized (this) {
                before.close();
            }
            deployed.remove(before);
        }
    }

    private Node start(GuideProject project, TestDatabase target) throws Exception {
        URLClassLoader loader = project.build();
        Class<?> application = loader.loadClass("com.acme.shop.ShopApplication");
        Thread thread = Thread.currentThread();
        ClassLoader mine = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            ConfigurableApplicationContext context = SpringApplication.from(arguments -> {
                        try {
                            application.getMethod("main", String[].class).invoke(null, (Object) arguments);
                        } catch (ReflectiveOperationException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .run(commandLine(project, target))
                    .getApplicationContext();
            Node node = new Node(context, loader);
            deployed.add(node);
            return node;
        } finally {
            thread.setContextClassLoader(mine);
        }
    }

    private static String[] commandLine(GuideProject project, TestDatabase target) {
        Stream<String> waits = Stream.of(RENAME, SPLIT)
                .filter(change ->
                        project.file("src/main/resources/application.yaml").contains(change))
                .flatMap(change -> Stream.of("shadow-for", "contract-after")
                        .map(wait -> "--segue.changes." + change + "." + wait + "=0s"));
        return Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--spring.datasource.url=" + target.url(),
                                "--spring.datasource.username=" + target.username(),
                                "--spring.datasource.password=" + target.password(),
                                "--segue.lease=3s"),
                        waits)
                .toArray(String[]::new);
    }

    private void awaitChange(String change, Shopper shopper, String phase, String pointer, String value) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            JsonNode told = change(change);
            assertThat(List.of(told.path("phase").asString(), told.at(pointer).asString()))
                    .as(told::toPrettyString)
                    .containsExactly(phase, value);
        });
        shopper.awaitTurns(5);
    }

    private JsonNode change(String change) throws IOException, InterruptedException {
        return JsonMapper.shared().readTree(send("GET", "/actuator/segue/" + change, ""));
    }

    /** One request at a time, to the node that takes them; a node that is stopped has answered its last one. */
    private synchronized String send(String method, String path, String body) throws IOException, InterruptedException {
        Node node = current;
        assertThat(node).isNotNull();
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(node.uri(path))
                        .method(method, BodyPublishers.ofString(body))
                        .header("Content-Type", "text/plain")
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as(method + " " + path + ": " + answer.body())
                .isEqualTo(200);
        return answer.body();
    }

    private static List<String> columns(TestDatabase database) {
        return database
                .rows("SELECT column_name FROM information_schema.columns"
                        + " WHERE table_schema = current_schema() AND table_name = 'customer'")
                .stream()
                .map(row -> String.valueOf(row.get("column_name")))
                .toList();
    }

    /** Writes and reads all along; whatever is not right is told when it is closed, or waited for. */
    private final class Shopper implements AutoCloseable {

        private final Thread thread = new Thread(this::run, "shopper");
        private volatile boolean on = true;
        private volatile int turns;
        private volatile @Nullable Throwable failure;

        Shopper() {
            thread.start();
        }

        @SuppressWarnings("NonAtomicVolatileUpdate")
        private void run() {
            try {
                while (on) {
                    String name = "Customer No" + turns;
                    written.put(Long.valueOf(send("POST", "/customers", name)), name);
                    List<Long> ids = List.copyOf(written.keySet());
                    long id = ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
                    assertThat(send("GET", "/customers/" + id, "")).isEqualTo(written.get(id));
                    send("PUT", "/customers/" + id, name + " again");
                    written.put(id, name + " again");
                    assertThat(send("GET", "/customers/" + id, "")).isEqualTo(name + " again");
                    turns++;
                    Thread.sleep(20);
                }
            } catch (Throwable e) {
                failure = e;
            }
        }

        /** Waits until it has done so many more turns. */
        void awaitTurns(int more) {
            int until = turns + more;
            await().atMost(LONG).until(() -> turns >= until || failure != null);
            assertThat(failure).isNull();
        }

        @Override
        public void close() {
            on = false;
            try {
                thread.join(LONG.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            assertThat(failure).isNull();
        }
    }
}
