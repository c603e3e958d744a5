package dev.segue.hibernate.model;

import org.jspecify.annotations.Nullable;

/** What a test sees of an entity whose class is made while it runs. */
public interface Writing {

    void is(long number);

    @Nullable
    String title();

    @Nullable
    Long fee();

    @Nullable
    Long limit();

    @Nullable
    String essay();

    void title(@Nullable String next);

    void fee(@Nullable Long next);

    void limit(@Nullable Long next);

    void essay(@Nullable String next);
}
