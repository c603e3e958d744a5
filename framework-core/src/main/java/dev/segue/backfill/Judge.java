package dev.segue.backfill;

import dev.segue.change.JavaForm;
import dev.segue.change.JavaForm.Converter;
import dev.segue.lifecycle.Side;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what is to be done with a row, by a conversion that exists only in Java. Both directions ask whether the new
 * columns hold what the old ones convert to: the way back never overwrites an old value that does.
 *
 * <p>Its reasons name no value, because they are shown to people.
 */
final class Judge {

    /**
     * The values of one row.
     *
     * @param version another one after every write, where the database has such a thing and it has been read, else null
     */
    record Row(
            Key key,
            List<@Nullable Object> old,
            List<@Nullable Object> current,
            @Nullable String version) {}

    sealed interface Verdict {

        /** Nothing is to be done. */
        record Agrees() implements Verdict {}

        /** The side is to hold these values. */
        record Differs(List<@Nullable Object> values) implements Verdict {}

        /** There is nothing that the side could hold. */
        record Unfit(String why) implements Verdict {}
    }

    private static final class UnreadableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String why;

        UnreadableException(Values.Unread unread) {
            super("unreadable");
            why = "the driver cannot read the value (" + unread.how() + ")";
        }
    }

    static final String LOST = "the value does not survive the conversion there and back";
    static final String SPOILT = "the value does not survive being stored in the column";

    private static final Verdict AGREES = new Verdict.Agrees();

    private final JavaForm form;
    private final Side side;
    private final int oldColumns;
    private final int newColumns;

    Judge(JavaForm form, Side side, int oldColumns, int newColumns) {
        this.form = form;
        this.side = side;
        this.oldColumns = oldColumns;
        this.newColumns = newColumns;
    }

    Verdict verdict(Row row) {
        return side == Side.NEW ? forward(row) : back(row);
    }

    private Verdict forward(Row row) {
        try {
            List<@Nullable Object> values = convert(form.toNew(), row.old(), newColumns);
            Optional<String> problem = problem(row.old(), values, form.toOld(), oldColumns);
            if (problem.isPresent()) {
                return new Verdict.Unfit(problem.get());
            }
            return Values.same(values, row.current()) ? AGREES : new Verdict.Differs(values);
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private Verdict back(Row row) {
        if (agrees(row)) {
            return AGREES;
        }
        try {
            List<@Nullable Object> values = convert(form.toOld(), row.current(), oldColumns);
            return problem(row.current(), values, form.toNew(), newColumns)
                    .<Verdict>map(Verdict.Unfit::new)
                    .orElseGet(() -> new Verdict.Differs(values));
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    /** What is wrong with a row as it has been stored, because the column rounds or cuts. */
    Optional<String> spoilt(Row row) {
        if (form.lossy()) {
            return Optional.empty();
        }
        try {
            boolean survives = side == Side.NEW
                    ? Values.same(convert(form.toOld(), row.current(), oldColumns), row.old())
                    : agrees(row);
            return survives ? Optional.empty() : Optional.of(SPOILT);
        } catch (RuntimeException e) {
            return Optional.of(failed(e).why());
        }
    }

    /** Whether the new columns hold what the old ones convert to; an old side that does not convert does not agree. */
    boolean agrees(Row row) {
        try {
            return Values.same(convert(form.toNew(), row.old(), newColumns), row.current());
        } catch (RuntimeException e) {
            return false;
        }
    }

    private Optional<String> problem(
            List<@Nullable Object> source, List<@Nullable Object> values, Converter back, int columns) {
        if (Values.allNull(values) && !Values.allNull(source)) {
            return Optional.of("the value converts to NULL, which the guard could not tell from one that was left out");
        }
        return form.lossy() || Values.same(convert(back, values, columns), source)
                ? Optional.empty()
                : Optional.of(LOST);
    }

    private static List<@Nullable Object> convert(Converter converter, List<@Nullable Object> values, int columns) {
        for (Object value : values) {
            if (value instanceof Values.Unread unread) {
                throw new UnreadableException(unread);
            }
        }
        List<@Nullable Object> converted = converter.convert(values);
        if (converted.size() != columns) {
            throw new IllegalStateException(
                    "The conversion gives " + converted.size() + " value(s) for " + columns + " column(s).");
        }
        return converted;
    }

    /** Without the message of the exception, which likes to quote the value. */
    private static Verdict.Unfit failed(RuntimeException e) {
        if (e instanceof UnreadableException unreadable) {
            return new Verdict.Unfit(unreadable.why);
        }
        return new Verdict.Unfit("the conversion throws " + e.getClass().getSimpleName()
                + Arrays.stream(e.getStackTrace())
                        .filter(frame -> !frame.getClassName().startsWith("java."))
                        .findFirst()
                        .map(frame -> " at " + frame)
                        .orElse(""));
    }
}
