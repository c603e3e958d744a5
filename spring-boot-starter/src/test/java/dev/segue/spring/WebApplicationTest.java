package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.acme.books.Author;
import com.acme.books.Authors;
import dev.segue.ChangeStatus;
import dev.segue.Segue;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Side;
import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A web application with repositories, and with a session that stays open for the whole of a request, as Spring Boot has it
 * unless it is told otherwise.
 */
@EachDatabase
class WebApplicationTest {

    private static final String CHANGE = "author-name";
    private static final Duration LONG = Duration.ofMinutes(2);

    private final TestDatabase database;
    private final ConfigurableApplicationContext application;
    private final Segue node;
    private final Authors authors;

    WebApplicationTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute(
                "CREATE TABLE author (id bigint PRIMARY KEY, name varchar(200))",
                "CREATE TABLE book (id bigint PRIMARY KEY, author_id bigint)",
                "INSERT INTO author VALUES (1, 'Ann'), (2, 'Bob'), (3, NULL)",
                "INSERT INTO book VALUES (10, 1), (11, 1), (12, 2)");
        application = new SpringApplicationBuilder(Library.class)
                .properties(Map.of(
                        "server.port", "0",
                        "spring.main.banner-mode", "off",
                        "spring.datasource.url", database.url(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "spring.flyway.enabled", "false",
                        "segue.lease", "3s",
                        "segue.changes.author-name.shadow-for", "0s"))
                .run();
        node = application.getBean(SegueNodes.class).all().get(0);
        authors = application.getBean(Authors.class);
    }

    @AfterEach
    void close() {
        application.close();
        database.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = Author.class)
    @EnableJpaRepositories(basePackageClasses = Authors.class)
    @Import(Slow.class)
    static class Library {}

    /** A request that is under way for as long as the test wants. */
    @RestController
    static class Slow {

        final CountDownLatch loaded = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        private final Authors authors;
        private final TransactionTemplate transactions;

        Slow(Authors authors, TransactionTemplate transactions) {
            this.authors = authors;
            this.transactions = transactions;
        }

        @GetMapping("/slow")
        String slow() throws InterruptedException {
            Author author = authors.findById(1L).orElseThrow();
            loaded.countDown();
            if (!goOn.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody has let the request go on.");
            }
            int books = author.books.size();
            Author other = authors.findById(2L).orElseThrow();
            transactions.executeWithoutResult(late -> author.fullName = author.fullName + " late");
            return author.fullName + ", " + books + " books; " + other.fullName + "; " + authors.names("%LATE");
        }
    }

    private ChangeStatus status() {
        return node.status().get(0);
    }

    private void go(Phase phase) throws Exception {
        node.request(CHANGE, phase, "test");
        await().atMost(LONG).until(() -> status().phase() == phase);
    }

    private List<Phases> draining() {
        return status().record().situation().participants().stream()
                .map(Participant::draining)
                .toList();
    }

    @Test
    void aRequestWhoseSessionIsOpenAcrossASwitchStaysInItsPhaseAndTheFleetWaitsForIt() throws Exception {
        Slow slow = application.getBean(Slow.class);
        URI uri = URI.create(
                "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + "/slow");
        CompletableFuture<HttpResponse<String>> answer =
                HttpClient.newHttpClient().sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        assertThat(slow.loaded.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        go(Phase.DUAL_WRITE);
        authors.rename(2, "Cid");
        assertThat(database.rows("SELECT name, full_name FROM author WHERE id = 2"))
                .containsExactly(Map.of("name", "Cid", "full_name", "Cid"));
        node.request(CHANGE, Phase.READ_NEW, "test");
        await().atMost(LONG).untilAsserted(() -> assertThat(draining()).containsExactly(Phases.of(Phase.OLD_ONLY)));
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(status().held())
                        .as("it does not read what that request may leave behind")
                        .isNotEmpty());
        assertThat(status().phase().reads()).isEqualTo(Side.OLD);

        slow.goOn.countDown();
        HttpResponse<String> answered = answer.get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(answered.body()).isEqualTo("Ann late, 2 books; Cid; [Ann late]");
        await().atMost(LONG).until(() -> status().phase() == Phase.READ_NEW);
        assertThat(database.rows("SELECT name, full_name FROM author WHERE id = 1"))
                .containsExactly(Map.of("name", "Ann late", "full_name", "Ann late"));
        assertThat(authors.names("%")).containsExactly("Ann late", "Cid");
    }

    @Test
    void everyWayToAskARepositoryGivesTheSameInEveryPhase() throws Exception {
        for (Phase phase : Phase.values()) {
            go(phase);
            String name = "Ann in " + phase.id();
            authors.rename(1, name);
            Author saved = authors.findById(2L).orElseThrow();
            saved.fullName = "Bob in " + phase.id();
            authors.save(saved);

            assertThat(authors.findByFullNameStartingWithOrderByFullNameDesc("A"))
                    .as(phase.id())
                    .extracting(author -> author.fullName)
                    .containsExactly(name);
            assertThat(authors.findByFullName(name))
                    .extracting(Authors.Named::getFullName)
                    .containsExactly(name);
            assertThat(authors.existsByFullName(name)).isTrue();
            assertThat(authors.names("%IN%")).containsExactly(name, saved.fullName);
            assertThat(authors.findByFullNameIn(List.of(name)).get(0).books).hasSize(2);
            assertThat(authors.findByFullNameIsNotNull(
                            PageRequest.of(0, 1, Sort.by("fullName").descending())))
                    .extracting(author -> author.id)
                    .containsExactly(2L);
            assertThat(authors.findAll(
                            (author, query, builder) -> builder.greaterThan(author.get("fullName"), "Ann"),
                            Sort.by("fullName")))
                    .extracting(author -> author.id)
                    .containsExactly(1L, 2L);
            assertThat(authors.count(
                            (author, query, builder) -> author.get("fullName").isNull()))
                    .isEqualTo(1);
        }
    }
}
