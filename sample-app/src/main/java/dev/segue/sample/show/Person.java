package dev.segue.sample.show;

import org.jspecify.annotations.Nullable;

/** What the two changes are about: the values of one customer. */
record Person(String fullName, @Nullable String phoneNumber) {}
