package dev.segue.sample.shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** One node of the shop. It needs {@code spring.datasource.url} and nothing else. */
@SpringBootApplication
public class Shop {

    /** Starts a node; returns when it serves requests. */
    public static void start(String... args) {
        SpringApplication.run(Shop.class, args);
    }
}
