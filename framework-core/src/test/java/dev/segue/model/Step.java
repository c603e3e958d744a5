package dev.segue.model;

import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Stage;

/** What can happen in the model, in the words of a counter-example. */
enum Step {
    STAGE_INTENT("somebody records the intent: %5$s is %6$s"),
    STAGE_EXECUTES("the DDL of %5$s runs"),
    STAGE_RECORDS("the end of %5$s is recorded"),
    STAGE_REVERT_EXECUTES("the DDL that reverts %5$s runs"),
    TRIGGER_INSTALLED("the trigger that fills %7$s is installed"),
    TRIGGER_RECORDED("the trigger that fills %7$s is recorded as standing"),
    TRIGGER_REMOVED("the triggers are removed"),
    REFUSAL_INTENT("somebody records the intent: that the guard refuses is %6$s"),
    REFUSAL_EXECUTES("the triggers are exchanged, that the guard refuses is %6$s"),
    REFUSAL_RECORDS("the end is recorded: that the guard refuses is %6$s"),
    PASS_NOTES("a pass for %7$s notes the epoch"),
    PASS_BEGINS("the barrier has been passed, the full pass begins"),
    PASS_ROW("the pass repairs row %3$d"),
    PASS_ROW_EQUAL("the pass finds row %3$d equal"),
    PASS_ROW_ABSENT("the pass sees no row %3$d"),
    PASS_READS("the pass reads row %3$d without a lock"),
    PASS_WRITES("the pass writes to row %3$d what it read before"),
    PASS_SKIPS("the pass skips row %3$d, which is locked, and does not count it"),
    SEALS("%7$s is sealed"),
    PASS_ENDS("the pass is given up"),
    CONFIRMS("the operator confirms that values may be discarded"),
    VERIFY("verification finds a mismatch in row %3$d and voids a seal"),
    CONVERTS("the background job converts the dirty row %3$d"),
    VOUCHES("the operator vouches that the unregistered writer will not be back"),
    LEGACY_WRITES("the unregistered writer writes OLD of row %3$d = %4$d"),
    LEGACY_COMMITS("the unregistered writer commits"),
    LEGACY_ABORTS("the unregistered writer aborts"),
    JOINS("%1$s joins at %2$s"),
    MOVES("%1$s registers at %2$s"),
    FLIPS_EARLY("%1$s lets new sessions begin in %2$s before it has registered"),
    OPENS_IN("%1$s lets new sessions begin in %2$s"),
    DRAINED("%1$s has no session in %2$s any more"),
    LEAVES("%1$s leaves"),
    LEASE_OVER("the lease of %1$s is over by its own clock"),
    LEASE_OVER_UNNOTICED("the lease of %1$s is over for the others, not by its own clock"),
    NOTICES("%1$s notices that it is gone"),
    RENEWS("%1$s renews in time"),
    RENEWS_EXPIRED("%1$s renews a lease that had run out"),
    EXPIRES("%1$s is declared gone"),
    BEGINS("%1$s begins a database transaction, without a session yet"),
    OPENS("%1$s opens a session in %2$s"),
    SNAPSHOTS("a session of %1$s takes its snapshot"),
    ENDS("a session of %1$s ends or aborts"),
    WRITES("a session of %1$s in %2$s writes"),
    CHECKS("a session of %1$s passes the check before commit"),
    LOCKS("a session of %1$s, past the deadline, locks its participant row"),
    COMMITS("a session of %1$s commits");

    private final String format;

    Step(String format) {
        this.format = format;
    }

    String text(int x, int y) {
        return format.formatted(
                World.name(x),
                name(Phase.values(), y),
                x,
                y,
                name(Stage.values(), x),
                name(Progress.values(), y),
                name(Side.values(), x));
    }

    /** Each format takes only what fits its own numbers. */
    private static String name(Enum<?>[] values, int at) {
        return at >= 0 && at < values.length ? values[at].name() : "?";
    }
}
