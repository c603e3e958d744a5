package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Nobody acts who may not, nobody is made to act, and nothing that is not an action does anything. */
class EndpointSecurityTest {

    private static final String CHANGE = "customer-full-name";
    private static final String PAUSE = "{\"action\": \"pause\"}";
    private static final List<String> ALL_ACTIONS = List.of(
            "request",
            "clear-request",
            "allow-contract",
            "abandon",
            "vouch",
            "discard",
            "pause",
            "resume",
            "retune",
            "waive",
            "verify",
            "repair");

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = dev.segue.spring.renamed.Customer.class)
    static class Application {}

    /** Spring Security as an application has it that protects its pages against forged requests. */
    @Configuration(proxyBeanMethods = false)
    @EnableWebSecurity
    static class Secured extends Application {

        @Bean
        SecurityFilterChain chain(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(all -> all.anyRequest().authenticated())
                    .httpBasic(basic -> {})
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("ann").password("{noop}secret").build());
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static TestDatabase database;
    private static ConfigurableApplicationContext open;

    @BeforeAll
    static void start() {
        database = DatabaseServers.shared(Engine.POSTGRESQL).createDatabase();
        database.execute("CREATE TABLE customer (id bigint PRIMARY KEY, name varchar(200))");
        open = start(Application.class, Map.of("management.endpoint.segue.access", "unrestricted"));
    }

    @AfterAll
    static void close() {
        open.close();
        database.close();
    }

    private static ConfigurableApplicationContext start(Class<?> application, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "server.port", "0",
                "spring.main.banner-mode", "off",
                "spring.datasource.url", database.url(),
                "spring.datasource.username", database.username(),
                "spring.datasource.password", database.password(),
                "spring.flyway.enabled", "false",
                "management.endpoints.web.exposure.include", "segue,seguepage"));
        properties.putAll(more);
        return new SpringApplicationBuilder(application).properties(properties).run();
    }

    private static String url(ConfigurableApplicationContext of, String path) {
        String port = of.getEnvironment()
                .getProperty("local.management.port", of.getEnvironment().getProperty("local.server.port", ""));
        return "http://127.0.0.1:" + port + path;
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext of, String path) {
        return HttpRequest.newBuilder(URI.create(url(of, path)));
    }

    private static HttpRequest.Builder action(String change) {
        return request(open, "/actuator/segue/" + change).header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static List<Map<String, Object>> state() {
        List<Map<String, Object>> state = database.rows(
                "SELECT operator_request, abandoned, contract_allowed, paused_by, guard_vouched, discards, epoch"
                        + " FROM segue_change");
        return state;
    }

    private static void refused(int status, HttpRequest.Builder request) throws Exception {
        List<Map<String, Object>> before = state();
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode said = JSON.readTree(answer.body());
        assertThat(said.path("message").asString("")).as(answer.body()).isNotBlank();
        assertThat(said.path("remedy").asString("")).as(answer.body()).isNotBlank();
        EndpointSchema.check("#/$defs/refusal", answer.body());
        assertThat(state()).as("nothing has been changed").isEqualTo(before);
    }

    @Test
    void withoutWriteAccessNoActionIsThereAndThatIsSoByDefault() throws Exception {
        try (ConfigurableApplicationContext closed = start(Application.class, Map.of())) {
            List<Map<String, Object>> before = state();
            for (String action : ALL_ACTIONS) {
                HttpResponse<String> answer = send(request(closed, "/actuator/segue/" + CHANGE)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(
                                "{\"action\": \"%s\", \"phase\": \"dual-write\"}".formatted(action))));
                assertThat(answer.statusCode()).as(action).isEqualTo(405);
            }
            assertThat(state()).isEqualTo(before);
            JsonNode all =
                    JSON.readTree(send(request(closed, "/actuator/segue").GET()).body());
            assertThat(all.path("access").asString()).isEqualTo("read-only");
        }
    }

    @Test
    void aGetNeverActs() throws Exception {
        List<Map<String, Object>> before = state();
        for (String action : ALL_ACTIONS) {
            for (String path : List.of(
                    "/actuator/segue/%s?action=%s&phase=dual-write&side=new",
                    "/actuator/segue/%s/%s?phase=dual-write", "/actuator/seguepage/%s?action=%s")) {
                HttpResponse<String> answer =
                        send(request(open, path.formatted(CHANGE, action)).GET());
                assertThat(answer.statusCode()).isIn(200, 404);
            }
        }
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aPageOfAnotherOriginCannotActInAnOperatorsName() throws Exception {
        for (String site : List.of("cross-site", "same-site", "none")) {
            refused(403, action(CHANGE).header("Sec-Fetch-Site", site).POST(BodyPublishers.ofString(PAUSE)));
        }
        refused(403, action(CHANGE).header("Origin", "https://evil.example").POST(BodyPublishers.ofString(PAUSE)));
        for (String form : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
            refused(
                    415,
                    request(open, "/actuator/segue/" + CHANGE)
                            .header("Content-Type", form)
                            .POST(BodyPublishers.ofString(PAUSE)));
        }

        HttpResponse<String> own = send(action(CHANGE)
                .header("Origin", "http://proxy.example")
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.ofString(PAUSE)));
        assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
        HttpResponse<String> old = send(action(CHANGE)
                .header("Origin", "http://proxy.example")
                .header(WriteGuard.HEADER, "page")
                .POST(BodyPublishers.ofString("{\"action\": \"resume\"}")));
        assertThat(old.statusCode()).as(old.body()).isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLongOrNoActionIsRefusedWithAMessage() throws Exception {
        String long1 = "{\"action\": \"request\", \"phase\": \"dual-write\", \"reason\": \"%s\"}"
                .formatted("x".repeat(20_000));
        refused(413, action(CHANGE).POST(BodyPublishers.ofString(long1)));
        BodyPublisher chunked =
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(PAUSE.getBytes(StandardCharsets.UTF_8)));
        refused(411, action(CHANGE).POST(chunked));
        for (String malformed : List.of(
                "{\"action\": ", "[]", "\"pause\"", "pause", "{\"action\": {\"a\": 1}}", "{\"action\": [\"pause\"]}")) {
            refused(400, action(CHANGE).POST(BodyPublishers.ofString(malformed)));
        }
        for (String wrong : List.of(
                "{}",
                "{\"action\": null}",
                "{\"action\": \"drop\"}",
                "{\"action\": \"<script>alert(1)</script>\"}",
                "{\"action\": \"request\", \"phase\": \"NEW_ONLY\"}",
                "{\"action\": \"repair\", \"side\": \"both\"}",
                "{\"action\": \"waive\"}",
                "{\"action\": \"waive\", \"key\": \"no-such-statement\"}",
                "{\"action\": \"retune\", \"workers\": \"many\"}",
                "{\"action\": \"retune\", \"workers\": -1}",
                "{\"action\": \"retune\", \"targetBatchTime\": \"soon\"}",
                "{\"action\": \"pause\", \"reason\": \"lunch\"}")) {
            refused(400, action(CHANGE).POST(BodyPublishers.ofString(wrong)));
        }
    }

    @Test
    void anUnknownChangeOrPartIsSaidToBeUnknown() throws Exception {
        for (String unknown : List.of("no-such-change", "%3Cscript%3E", "'%20OR%201=1--")) {
            refused(404, action(unknown).POST(BodyPublishers.ofString(PAUSE)));
            refused(
                    404,
                    request(open, "/actuator/segue/" + unknown + "/journal").GET());
            assertThat(send(request(open, "/actuator/segue/" + unknown).GET()).statusCode())
                    .isEqualTo(404);
        }
        refused(404, request(open, "/actuator/segue/" + CHANGE + "/secrets").GET());
        refused(
                400,
                request(open, "/actuator/segue/" + CHANGE + "/journal?limit=0").GET());
        refused(
                400,
                request(open, "/actuator/segue/" + CHANGE + "/journal?limit=100000")
                        .GET());
        for (String file : List.of("application.yaml", "..%2FSegueEndpoint.class", "page.html")) {
            assertThat(send(request(open, "/actuator/seguepage/" + file).GET()).statusCode())
                    .as(file)
                    .isIn(400, 404);
        }
    }

    @Test
    void thePageMayLoadNothingButItsOwnFiles() throws Exception {
        HttpResponse<String> page = send(request(open, "/actuator/seguepage").GET());

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'self'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain("style=", "onclick", "<script>", "http://", "https://", "{files}");
        Matcher links = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page.body());
        int files = 0;
        while (links.find()) {
            files++;
            HttpResponse<String> file =
                    send(request(open, "/actuator/" + links.group(1)).GET());
            assertThat(file.statusCode()).as(links.group(1)).isEqualTo(200);
            assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(file.headers().firstValue("Content-Type").orElse("")).matches("(text/|image/svg).*");
        }
        assertThat(files).isGreaterThan(3);
    }

    @Test
    void aPortAndAPathOfItsOwnForTheEndpointsAreNoObstacle() throws Exception {
        try (ConfigurableApplicationContext apart = start(
                Application.class,
                Map.of(
                        "management.server.port", "0",
                        "server.servlet.context-path", "/shop",
                        "management.endpoint.segue.access", "unrestricted",
                        "management.endpoints.web.base-path", "/manage",
                        "management.endpoints.web.path-mapping.seguepage", "ops/columns"))) {
            HttpResponse<String> page =
                    send(request(apart, "/manage/ops/columns").GET());
            assertThat(page.body()).contains("content=\"../segue\"", "src=\"columns/page.js\"");
            assertThat(page.headers().firstValue("Content-Security-Policy")).isPresent();
            assertThat(send(request(apart, "/manage/ops/columns/page.js").GET()).statusCode())
                    .isEqualTo(200);

            HttpRequest.Builder forged = request(apart, "/manage/segue/" + CHANGE)
                    .header("Content-Type", "application/json")
                    .header("Sec-Fetch-Site", "cross-site");
            refused(403, forged.POST(BodyPublishers.ofString(PAUSE)));
        }
    }

    @Test
    void springSecuritysTokenReachesThePageAndWithoutItNothingIsDone() throws Exception {
        try (ConfigurableApplicationContext secured =
                start(Secured.class, Map.of("management.endpoint.segue.access", "unrestricted"))) {
            HttpClient ann =
                    HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            String basic = "Basic YW5uOnNlY3JldA==";
            HttpResponse<String> page = ann.send(
                    request(secured, "/actuator/seguepage")
                            .header("Authorization", basic)
                            .build(),
                    BodyHandlers.ofString());
            Matcher token = Pattern.compile(
                            "segue-csrf-header\" content=\"([^\"]+)\">\\s*<meta name=\"segue-csrf-token\""
                                    + " content=\"([^\"]+)\"")
                    .matcher(page.body());
            assertThat(token.find()).as(page.body()).isTrue();

            HttpRequest.Builder pause = request(secured, "/actuator/segue/" + CHANGE)
                    .header("Authorization", basic)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(PAUSE));
            List<Map<String, Object>> before = state();
            assertThat(ann.send(pause.copy().build(), BodyHandlers.ofString()).statusCode())
                    .isEqualTo(403);
            assertThat(state()).isEqualTo(before);
            HttpResponse<String> done =
                    ann.send(pause.copy().header(token.group(1), token.group(2)).build(), BodyHandlers.ofString());
            assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
            assertThat(JSON.readTree(done.body()).path("pausedBy").asString(""))
                    .as("who it was is known by name")
                    .isEqualTo("ann");
        } finally {
            send(action(CHANGE).POST(BodyPublishers.ofString("{\"action\": \"resume\"}")));
        }
    }
}
