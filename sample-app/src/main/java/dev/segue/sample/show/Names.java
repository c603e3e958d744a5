package dev.segue.sample.show;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Invents customers; no two have the same name. */
final class Names {

    /** Some with what gets lost where bytes, case or quotes are not handled with care. */
    private static final List<String> FIRST =
            List.of("Zoë", "zoë", "José", "Ada", "ADA", "Bjørn", "李", "Siân", "Ægir", "Grace", "D'Arcy", "Ünal");

    private static final List<String> LAST =
            List.of("O'Brien", "Müller", "Lovelace", "Hopper", "Nuñez", "van der Berg", "Smith-Jones", "Šimić");

    private static final AtomicLong LAST_NUMBER = new AtomicLong(System.currentTimeMillis());

    private final Random random;

    Names(Random random) {
        this.random = random;
    }

    String fullName() {
        return any(FIRST) + " " + any(LAST) + " " + Long.toString(LAST_NUMBER.incrementAndGet(), 36);
    }

    String phoneNumber() {
        return "+44 7%03d %06d".formatted(random.nextInt(1_000), random.nextInt(1_000_000));
    }

    @Nullable
    String phoneNumberOrNone() {
        return random.nextInt(10) == 0 ? null : phoneNumber();
    }

    /** The beginning of names that the shop's first customers have. */
    String prefix() {
        return any(List.of("Ada B", "Grace H", "Ken Smith", "Sophie Z", "Radia Parker"));
    }

    private String any(List<String> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
