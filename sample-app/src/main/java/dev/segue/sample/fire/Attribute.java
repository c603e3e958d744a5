package dev.segue.sample.fire;

import dev.segue.sample.fleet.Person;
import dev.segue.sample.fleet.ShownChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a customer is under change. */
enum Attribute {
    NAME,
    PHONE;

    static final List<Attribute> ALL = List.of(values());

    ShownChange change() {
        return switch (this) {
            case NAME -> ShownChange.NAME;
            case PHONE -> ShownChange.PHONE;
        };
    }

    @Nullable
    String of(Person person) {
        return switch (this) {
            case NAME -> person.fullName();
            case PHONE -> person.phoneNumber();
        };
    }
}
