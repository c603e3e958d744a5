package dev.segue.sample.fleet;

import org.jspecify.annotations.Nullable;

/** What the two changes are about: the values of one customer. */
public record Person(String fullName, @Nullable String phoneNumber) {}
