package dev.segue.backfill;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hours of every day in which work may be done. If it ends before it begins, it goes over midnight.
 *
 * @param from included
 * @param to excluded
 */
public record TimeWindow(LocalTime from, LocalTime to, ZoneId zone) {

    private static final Pattern FORM = Pattern.compile("(\\d{2}:\\d{2})\\s*-\\s*(\\d{2}:\\d{2})\\s+(\\S+)");

    public TimeWindow {
        if (from.equals(to)) {
            throw new IllegalArgumentException("A window from " + from + " to " + to
                    + " does not say whether it is all day or never; leave it away for all day.");
        }
    }

    /**
     * Reads {@code 22:00-06:00 Europe/Vienna}.
     *
     * @throws IllegalArgumentException if it is not of that form; the message says what is
     */
    public static TimeWindow parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no window of time. Write it as 22:00-06:00 Europe/Vienna.");
        }
        try {
            return new TimeWindow(
                    LocalTime.parse(matcher.group(1)), LocalTime.parse(matcher.group(2)), ZoneId.of(matcher.group(3)));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no window of time: " + e.getMessage()
                            + ". Write it as 22:00-06:00 Europe/Vienna.",
                    e);
        }
    }

    /** By the clocks on the wall of its zone, so an hour that a zone has twice counts twice. */
    public boolean contains(Instant instant) {
        LocalTime time = instant.atZone(zone).toLocalTime();
        boolean afterFrom = !time.isBefore(from);
        boolean beforeTo = time.isBefore(to);
        return from.isBefore(to) ? afterFrom && beforeTo : afterFrom || beforeTo;
    }

    @Override
    public String toString() {
        return from + "-" + to + " " + zone;
    }
}
