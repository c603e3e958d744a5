package dev.segue.backfill;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The primary key of one row, each column's value as text (see {@link KeyColumn}).
 *
 * <p>It is stored as these texts URL-encoded, with commas between: a comma, a line break or any other odd character of a
 * value is percent-encoded, so that the result is plain ASCII, and the empty text is the empty text.
 */
record Key(List<String> parts) {

    Key {
        parts = List.copyOf(parts);
    }

    static Key decoded(String text) {
        return new Key(Arrays.stream(text.split(",", -1))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList());
    }

    String encoded() {
        return parts.stream()
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
    }
}
