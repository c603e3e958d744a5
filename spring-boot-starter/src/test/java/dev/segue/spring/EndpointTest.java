package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator can say over HTTP, and what is answered. */
@EachDatabase
class EndpointTest {

    private static final String CHANGE = "customer-full-name";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Application {}

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.builder().build();
    private final TestDatabase database;
    private final ConfigurableApplicationContext application;

    EndpointTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))");
        application = new SpringApplicationBuilder(Application.class)
                .properties(Map.of(
                        "server.port", "0",
                        "spring.main.banner-mode", "off",
                        "spring.datasource.url", database.url(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "spring.flyway.enabled", "false",
                        "management.endpoints.web.exposure.include", "segue",
                        "management.endpoint.segue.access", "unrestricted",
                        "segue.lease", "3s"))
                .run();
    }

    @AfterEach
    void close() {
        application.close();
        database.close();
    }

    private HttpResponse<String> post(String change, String body) throws IOException, InterruptedException {
        String port = application.getEnvironment().getProperty("local.server.port");
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/segue/" + change))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode done(String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(CHANGE, body);
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        EndpointSchema.check("#/$defs/change", answer.body());
        return json.readTree(answer.body());
    }

    private String shown(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
        return answer.body();
    }

    @Test
    void whatIsAnsweredIsAsTheSchemaHasIt() throws Exception {
        done("""
                {"action": "request", "phase": "dual-write", "reason": "the release is out"}""");

        EndpointSchema.check("#", shown(""));
        EndpointSchema.check("#/$defs/change", shown(CHANGE));
        EndpointSchema.check("#/$defs/journal", shown(CHANGE + "/journal?limit=5"));
        JsonNode line = json.readTree(shown(CHANGE + "/journal?limit=100"))
                .path("journal")
                .valueStream()
                .filter(one -> one.path("what").asString().equals("request"))
                .filter(one -> one.path("why").asString().contains("operator"))
                .findFirst()
                .orElseThrow();
        assertThat(line.path("to").asString()).isEqualTo("dual-write");
        assertThat(line.path("why").asString()).isEqualTo("by operator endpoint: the release is out");
        assertThat(json.readTree(shown("")).path("access").asString()).isEqualTo("unrestricted");
    }

    private void refused(int status, String change, String body, String message, String remedy)
            throws IOException, InterruptedException {
        long before = lines();
        HttpResponse<String> answer = post(change, body);
        assertThat(answer.statusCode()).as(answer::body).isEqualTo(status);
        JsonNode refusal = json.readTree(answer.body());
        assertThat(refusal.path("message").asString()).contains(message);
        assertThat(refusal.path("remedy").asString()).contains(remedy);
        assertThat(lines()).as("nothing has been asked for").isEqualTo(before);
    }

    private long lines() {
        return database.value(
                "SELECT count(*) FROM segue_journal WHERE what IN ('request', 'clear-request', 'abandon')"
                        + " AND why NOT LIKE 'by configuration%'",
                Long.class);
    }

    @Test
    void aRequestIsAnsweredWithTheChangeWithNameReasonAndWhatItOverrides() throws Exception {
        JsonNode asked = done("""
                {"action": "request", "phase": "dual-write", "reason": "the release is out"}""");

        assertThat(asked.path("requested").asString()).isEqualTo("dual-write");
        assertThat(asked.path("requestedBy").asString()).isEqualTo("operator");
        JsonNode first = asked.path("requests").path(0);
        assertThat(first.path("source").asString()).isEqualTo("operator");
        assertThat(first.path("by").asString()).isEqualTo("endpoint");
        assertThat(first.path("why").asString()).isEqualTo("the release is out");
        assertThat(first.path("since").asString()).startsWith("20");
        assertThat(asked.path("requests").path(1).path("source").asString()).isEqualTo("configuration");

        application.getBean(SegueNodes.class).all().get(0).requestBack(CHANGE, dev.segue.lifecycle.Phase.OLD_ONLY, "x");
        JsonNode cleared = done("""
                {"action": "clear-request"}""");
        assertThat(cleared.path("requestedBy").asString()).isEqualTo("configuration");
        assertThat(cleared.path("requests").size())
                .as("neither the operator's nor the watch's is left")
                .isEqualTo(1);
        assertThat(database.value("SELECT count(*) FROM segue_journal WHERE what = 'clear-request'", Long.class))
                .isEqualTo(2L);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        String port = application.getEnvironment().getProperty("local.server.port");
        return http.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + port + "/actuator/segue" + (path.isEmpty() ? "" : "/" + path)))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void thePlanIsPrintedForWhoeverReviewsIt() throws Exception {
        assertThat(get(CHANGE + "/plan").body()).contains("ALTER TABLE", "full_name", "lock:");
        assertThat(get(CHANGE + "/plans").statusCode()).isEqualTo(404);
    }

    @Test
    void anOperatorRetunesThePaceAndPutsItBack() throws Exception {
        done("""
                {"action": "retune", "targetBatchTime": "100ms", "maxRowsPerSecond": 5000, "workers": 3}""");

        assertThat(database.value("SELECT pace_batch_millis FROM segue_change", Long.class))
                .isEqualTo(100);
        assertThat(database.value("SELECT pace_rows_per_second FROM segue_change", Long.class))
                .isEqualTo(5000);
        assertThat(database.value("SELECT pace_workers FROM segue_change", Integer.class))
                .isEqualTo(3);
        done("""
                {"action": "retune"}""");
        assertThat(database.value(
                        "SELECT count(*) FROM segue_change WHERE pace_batch_millis IS NULL AND pace_workers IS NULL",
                        Long.class))
                .isEqualTo(1);
    }

    @Test
    void anOperatorVouches() throws Exception {
        done("""
                {"action": "vouch"}""");

        assertThat(database.value("SELECT guard_vouched FROM segue_change", Boolean.class))
                .isTrue();
        assertThat(database.value("SELECT why FROM segue_journal WHERE what = 'vouch'", String.class))
                .contains("nobody else writes");
    }

    @Test
    void whatCannotBeDoneIsRefusedWithAMessageAndARemedyAndChangesNothing() throws Exception {
        refused(400, CHANGE, """
                {"action": "request", "phase": "dual-wirte"}""", "dual-wirte", "dual-write");
        refused(400, CHANGE, """
                {"action": "request"}""", "phase", "dual-write");
        refused(400, CHANGE, """
                {"action": "reqest", "phase": "dual-write"}""", "reqest", "clear-request");
        refused(400, CHANGE, """
                {"action": "discard"}""", "there are none that OLD cannot hold", "none needed");
        refused(400, CHANGE, """
                {"phase": "dual-write"}""", "action", "request");
        refused(404, "no-such-change", """
                {"action": "request", "phase": "dual-write"}""", "no-such-change", "GET /actuator/segue");
        refused(400, CHANGE, """
                {"action": "request", "phase": "dual-write", "reason": "%s"}""".formatted("x".repeat(1_001)), "1001", "nothing has been changed");
        refused(400, CHANGE, """
                {"action": "clear-request", "reason": "over"}""", "reason", "request");
    }
}
