package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of what Segue makes in the application's schema; short enough for both databases, and always the same. */
final class Names {

    /** Both databases allow 63 characters at least. */
    private static final int LONGEST = 63;

    private Names() {}

    /** Eight characters that stand for a text. */
    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    static String ofSite(ColumnChange change, Site site) {
        return "segue_" + hash(change.id() + " " + site.table());
    }

    static String notNull(ColumnChange change, Site site, String column) {
        return ofSite(change, site) + "_nn_" + hash(column);
    }

    /** The index that takes the place of another one when its column goes. */
    static String successor(String index) {
        String suffix = "_" + hash(index);
        return index.substring(0, Math.min(index.length(), LONGEST - suffix.length())) + suffix;
    }

    static String history(ColumnChange change) {
        String name = "segue_schema_history_"
                + change.id().toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        return name.length() <= LONGEST - 9 && change.id().matches("[a-z0-9-]+")
                ? name
                : name.substring(0, Math.min(name.length(), LONGEST - 9)) + "_" + hash(change.id());
    }
}
