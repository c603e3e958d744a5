package dev.segue.spring;

import dev.segue.Segue;
import dev.segue.backfill.Tuning;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Side;
import dev.segue.watch.Sighting;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** What an operator can do to a change through one node. */
final class Actions {

    private static final List<String> ALL = List.of(
            "request",
            "clear-request",
            "allow-contract",
            "abandon",
            "vouch",
            "discard",
            "pause",
            "resume",
            "retune",
            "waive",
            "verify",
            "repair");
    private static final List<String> WITH_REASON = List.of("request", "abandon");

    private final Segue node;
    private final String operator;
    private final String change;

    Actions(Segue node, String operator, String change) {
        this.node = node;
        this.operator = operator;
        this.change = change;
    }

    /**
     * What comes with an action, each for some of them.
     *
     * @param targetBatchTime a duration such as {@code 200ms}
     */
    record Details(
            @Nullable String phase,
            @Nullable String side,
            @Nullable String key,
            @Nullable String reason,
            @Nullable String targetBatchTime,
            @Nullable String maxRowsPerSecond,
            @Nullable String workers) {}

    /**
     * @return why it has not been done; empty if it has been
     * @throws IllegalArgumentException if it cannot be done, with the reason
     */
    Optional<Refusal> run(String action, Details with) throws SQLException {
        if (!ALL.contains(action)) {
            return refused("There is no action '" + action + "'.", "Use one of " + ALL + ".");
        }
        if (with.reason() != null && !WITH_REASON.contains(action)) {
            return refused("The reason of " + action + " would be lost.", "Give one only with " + WITH_REASON + ".");
        }
        switch (action) {
            case "request" -> {
                return request(with.phase(), with.reason());
            }
            case "repair" -> {
                return repair(with.side());
            }
            case "discard" -> {
                return discard();
            }
            case "waive" -> {
                return waive(with.key());
            }
            case "clear-request" -> node.clearRequests(change, operator);
            case "allow-contract" -> node.allowContract(change, operator);
            case "vouch" -> node.vouch(change, operator);
            case "pause" -> node.pause(change, operator);
            case "resume" -> node.resume(change, operator);
            case "retune" -> node.retune(change, tuning(with), operator);
            case "verify" -> node.verify(change);
            case "abandon" -> node.abandon(change, operator, with.reason());
            default -> throw new IllegalStateException("Nobody does " + action);
        }
        return Optional.empty();
    }

    /** What is not given is as configured again. */
    private static Tuning tuning(Details with) {
        Long rows = number("maxRowsPerSecond", with.maxRowsPerSecond());
        Long workers = number("workers", with.workers());
        try {
            return new Tuning(
                    with.targetBatchTime() == null ? null : DurationStyle.detectAndParse(with.targetBatchTime()),
                    rows,
                    workers == null ? null : Math.toIntExact(workers));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("There are no " + workers + " workers.", e);
        }
    }

    private static @Nullable Long number(String name, @Nullable String value) {
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is '" + value + "', which is no whole number.", e);
        }
    }

    private Optional<Refusal> request(@Nullable String phase, @Nullable String reason) throws SQLException {
        Optional<Phase> to = Phase.of(phase == null ? "" : phase);
        if (to.isEmpty()) {
            return refused(
                    "There is no phase '" + phase + "'.",
                    "Use one of " + Arrays.stream(Phase.values()).map(Phase::id).toList() + ".");
        }
        node.request(change, to.get(), operator, reason);
        return Optional.empty();
    }

    private Optional<Refusal> repair(@Nullable String side) throws SQLException {
        Optional<Side> target = Arrays.stream(Side.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(side))
                .findFirst();
        if (target.isEmpty()) {
            return refused("There is no side '" + side + "'.", "Say which is to be written: new or old.");
        }
        node.repair(change, target.get(), operator);
        return Optional.empty();
    }

    private Optional<Refusal> waive(@Nullable String key) throws SQLException {
        List<String> known = node.status().stream()
                .filter(status -> status.change().id().equals(change))
                .flatMap(status -> status.sightings().stream())
                .map(Sighting::key)
                .toList();
        if (key == null || !known.contains(key)) {
            return refused("There is nothing to waive of key '" + key + "'.", "Use one of " + known + ".");
        }
        node.waive(change, key, operator);
        return Optional.empty();
    }

    private Optional<Refusal> discard() throws SQLException {
        List<Held> held = node.discard(change, operator);
        return held.isEmpty()
                ? Optional.empty()
                : refused(
                        held.stream().map(Held::message).collect(Collectors.joining("; ")) + ".",
                        held.stream().map(Held::remedy).distinct().collect(Collectors.joining("; ")));
    }

    private static Optional<Refusal> refused(String message, String remedy) {
        return Optional.of(new Refusal(message, remedy));
    }
}
