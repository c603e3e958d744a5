package dev.segue.sample.fleet;

import org.jspecify.annotations.Nullable;

/** The answers of the shop, as far as the traffic looks at them. */
public final class Answers {

    public record Customer(
            long id, String fullName, @Nullable String phoneNumber) {

        public Person person() {
            return new Person(fullName, phoneNumber);
        }
    }

    public record Order(long id, long customerId, String customerName) {}

    public record Changed(int customers) {}

    private Answers() {}
}
