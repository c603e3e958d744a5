package dev.segue.schema;

import dev.segue.change.ColumnChange;
import dev.segue.change.Site;
import dev.segue.lifecycle.Side;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names of what Segue makes in the application's schema: short enough for both databases, and always the same. */
final class Names {

    /** What the triggers begin with; PostgreSQL runs triggers by name, and this one shall be the last. */
    static final String POSTGRES_TRIGGERS = "zzz_segue_";

    static final String MYSQL_TRIGGERS = "segue_";

    /** Bytes that both databases allow. */
    private static final int LONGEST = 63;

    private Names() {}

    /** What the names of everything at one site begin with. */
    static String ofSite(ColumnChange change, Site site) {
        return "segue_" + hash(change.id() + " " + site.table());
    }

    /** A trigger's function, or in MySQL the trigger. */
    static String guard(ColumnChange change, Site site, Side filled, String event) {
        return ofSite(change, site) + "_" + filled.name().toLowerCase(Locale.ROOT) + "_" + event;
    }

    static String notNull(ColumnChange change, Site site, String column) {
        return ofSite(change, site) + "_nn_" + hash(column);
    }

    /** The index over the new column that takes the place of one over the old column. */
    static String successor(String index, String oldColumn, String newColumn) {
        String renamed = index.contains(oldColumn) ? index.replace(oldColumn, newColumn) : index + "_" + newColumn;
        return fit(renamed, hash(index + " " + newColumn));
    }

    static String history(ColumnChange change) {
        String plain = change.id().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "_");
        return fit("segue_schema_history_" + plain, hash(change.id()));
    }

    /** The directory of a change's scripts; two changes never share one. */
    static String folder(String change) {
        return change.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")
                ? change
                : change.substring(0, Math.min(change.length(), 50)).replaceAll("[^A-Za-z0-9_-]", "_") + "_"
                        + hash(change);
    }

    private static String fit(String name, String hash) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
            return name;
        }
        String cut = name;
        while (cut.getBytes(StandardCharsets.UTF_8).length > LONGEST - 1 - hash.length()) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut + "_" + hash;
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 5);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }
}
