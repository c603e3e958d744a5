package dev.segue.benchmarks.startup;

import dev.segue.benchmarks.startup.made.Made;
import java.lang.management.ManagementFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application in a process of its own, which says when it is there and how much heap it holds then, and ends. */
public final class Started {

    static final String READY = "ready";
    static final String HEAP = "heap ";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EntityScan(basePackageClasses = Made.class)
    static class Shop {}

    private Started() {}

    /** @param args properties of the application */
    @SuppressWarnings("try") // Its end is what counts.
    public static void main(String... args) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
                .web(WebApplicationType.NONE)
                .properties(args)
                .run()) {
            System.out.println(READY);
            System.out.println(HEAP + heap());
        }
    }

    /** What is left when nothing is garbage. */
    private static long heap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
