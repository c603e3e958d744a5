package dev.segue.hibernate.matrix;

/** What two old columns hold. */
public record Two(Long first, Long second) {}
