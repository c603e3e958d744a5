package dev.segue.sample.show;

import org.jspecify.annotations.Nullable;

/** The answers of the shop, as far as the traffic looks at them. */
final class Answers {

    record Customer(long id, String fullName, @Nullable String phoneNumber) {

        Person person() {
            return new Person(fullName, phoneNumber);
        }
    }

    record Order(long id, long customerId, String customerName) {}

    record Changed(int customers) {}

    private Answers() {}
}
