package dev.segue.sample.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.segue.test.database.DatabaseServers;
import dev.segue.test.database.EachDatabase;
import dev.segue.test.database.Engine;
import dev.segue.test.database.TestDatabase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** One node of the shop over HTTP, before any change has begun. */
@EachDatabase
class ShopTest {

    private static final ParameterizedTypeReference<Map<String, Object>> ONE = new ParameterizedTypeReference<>() {};
    private static final ParameterizedTypeReference<List<Map<String, Object>>> MANY =
            new ParameterizedTypeReference<>() {};

    private final TestDatabase database;
    private final ConfigurableApplicationContext shop;
    private final RestClient http;

    ShopTest(Engine engine) {
        database = DatabaseServers.shared(engine).createDatabase();
        shop = SpringApplication.run(
                Shop.class,
                "--server.port=0",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--spring.flyway.placeholders.customers=1000");
        http = RestClient.builder()
                .baseUrl("http://localhost:" + shop.getEnvironment().getProperty("local.server.port"))
                // The default one knows no PATCH.
                .requestFactory(new JdkClientHttpRequestFactory())
                .build();
    }

    @AfterEach
    void close() {
        shop.close();
        database.close();
    }

    @Test
    void servesCustomersOrdersAndPayments() {
        assertThat(database.value("select count(*) from customer", Long.class)).isEqualTo(1000);

        Map<String, Object> created =
                post("/customers", Map.of("fullName", "Zoë O'Brien", "phoneNumber", "1", "city", "Leeds"));
        Object id = created.get("id");
        assertThat(get("/customers/" + id)).isEqualTo(created).containsEntry("fullName", "Zoë O'Brien");

        Map<String, Object> changed = http.patch()
                .uri("/customers/" + id)
                .body(Map.of("phoneNumber", "2"))
                .retrieve()
                .body(ONE);
        assertThat(changed).containsEntry("fullName", "Zoë O'Brien").containsEntry("phoneNumber", "2");
        assertThat(get("/customers/" + id)).isEqualTo(changed);

        assertThat(list("/customers?prefix=Zoë O")).containsExactly(changed);
        assertThat(list("/customers?prefix=Ada&size=5"))
                .hasSize(5)
                .allSatisfy(
                        found -> assertThat(found.get("fullName")).asString().startsWith("Ada "));

        Map<String, Object> bulk = new HashMap<>(Map.of("ids", List.of(1, 2), "fullName", "Grace Hopper"));
        bulk.put("phoneNumber", null);
        assertThat(post("/customers/bulk", bulk)).containsEntry("customers", 2);
        assertThat(get("/customers/2"))
                .containsEntry("fullName", "Grace Hopper")
                .containsEntry("phoneNumber", null);

        Map<String, Object> order = post("/customers/" + id + "/orders", Map.of("item", "a book", "amountCents", 950));
        assertThat(order).containsEntry("paid", false).containsEntry("customerName", "Zoë O'Brien");
        assertThat(post("/orders/" + order.get("id") + "/payment", Map.of())).containsEntry("paid", true);
        assertThat(list("/customers/" + id + "/orders"))
                .singleElement()
                .satisfies(found -> assertThat(found).containsEntry("paid", true));

        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(() -> get("/customers/987654321"))
                .withMessageContaining("There is no customer 987654321");
        assertThat(get("/actuator/health/readiness")).containsEntry("status", "UP");
    }

    private Map<String, Object> get(String path) {
        return Objects.requireNonNull(http.get().uri(path).retrieve().body(ONE));
    }

    private List<Map<String, Object>> list(String path) {
        return Objects.requireNonNull(http.get().uri(path).retrieve().body(MANY));
    }

    private Map<String, Object> post(String path, Object body) {
        return Objects.requireNonNull(
                http.post().uri(path).body(body).retrieve().body(ONE));
    }
}
