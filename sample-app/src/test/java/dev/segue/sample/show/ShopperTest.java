package dev.segue.sample.show;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segue.sample.fleet.Backend;
import dev.segue.sample.fleet.LoadBalancer;
import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShopClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shop that always answers the same, and a ledger that knows better. */
class ShopperTest {

    private final Path directory;
    private final HttpServer server;
    private final LoadBalancer balancer = new LoadBalancer();
    private final Ledger ledger;
    private final Scoreboard scoreboard;
    private final Shopper shopper;

    ShopperTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ledger = new Ledger(directory.resolve("acknowledged.log"));
        scoreboard = new Scoreboard(directory.resolve("failures.log"));
        shopper = new Shopper(new ShopClient(balancer, scoreboard), ledger, scoreboard, new Random(1), List.of(1L));
    }

    @BeforeEach
    void open() {
        server.createContext("/customers/1", exchange -> {
            byte[] ada = """
                    {"id": 1, "fullName": "Ada", "phoneNumber": null, "city": "Leeds"}
                    """.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, ada.length);
            exchange.getResponseBody().write(ada);
            exchange.close();
        });
        server.start();
        balancer.add(new Backend(
                "shop-1", URI.create("http://localhost:" + server.getAddress().getPort())));
    }

    @AfterEach
    void close() {
        server.stop(0);
        ledger.close();
        scoreboard.close();
    }

    @Test
    void acceptsTheLastAcknowledgedValue() {
        ledger.acknowledged(1, new Person("Ada", null));

        shopper.read(1);

        assertThat(scoreboard.requests()).isOne();
        assertThat(scoreboard.failed()).isZero();
        assertThat(scoreboard.wrongReads()).isZero();
    }

    @Test
    void findsAWrongRead() throws IOException {
        ledger.found(1, new Person("Ada", null));
        ledger.acknowledged(1, new Person("Grace", null));

        shopper.read(1);

        assertThat(scoreboard.wrongReads()).isOne();
        assertThat(Files.readString(directory.resolve("failures.log")))
                .contains("GET /customers/1 gave", "fullName=Ada", "fullName=Grace");
    }

    @Test
    void countsAnErrorAsAFailedRequestOnce() throws IOException {
        shopper.read(2);

        assertThat(scoreboard.requests()).isOne();
        assertThat(scoreboard.failed()).isOne();
        assertThat(Files.readString(directory.resolve("failures.log"))).contains("GET /customers/2  on shop-1: 404");
    }

    @Test
    void countsAShopThatDoesNotAnswerAsAFailedRequest() {
        server.stop(0);

        shopper.read(1);

        assertThat(scoreboard.failed()).isOne();
    }
}
