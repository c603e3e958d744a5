package dev.segue.model;

import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Rule;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A fleet that takes out what the production rule or a production transition says at one place. It asks the rule by
 * itself, because the production classes let nobody in between; without a mutation it does what they do, see {@link
 * RealFleetTest}.
 */
final class MutatedFleet implements Fleet {

    private final Mutation mutation;

    MutatedFleet(Mutation mutation) {
        this.mutation = mutation;
    }

    private boolean admits(List<Held> held) {
        return held.stream().allMatch(this::isIgnored);
    }

    private boolean isIgnored(Held held) {
        return switch (mutation) {
            case WITHOUT_FLEET_CLAUSE -> held instanceof Held.ReadByOthers || held instanceof Held.NotWrittenByOthers;
            case WITHOUT_TRUTH_CLAUSE -> held instanceof Held.NotSealed;
            case WITHOUT_COLUMN_EXISTS -> held instanceof Held.Missing;
            case WITHOUT_OMITTABLE -> held instanceof Held.NotOmittable;
            case NEW_ONLY_WITHOUT_GUARD -> held instanceof Held.Unguarded unguarded && unguarded.side() == Side.OLD;
            case OLD_ONLY_WHILE_GUARD_REFUSES ->
                held instanceof Held.Unguarded unguarded
                        && unguarded.side() == Side.NEW
                        && unguarded.guard().refuses();
            case JAVA_GUARD_NEVER_REFUSES -> held instanceof Held.Unguarded unguarded && unguarded.side() == Side.NEW;
            case SEAL_WITHOUT_PRECONDITION -> waitsForSomebody(held, "seal");
            case CONTRACT_WHILE_SOME_NAME_OLD -> waitsForSomebody(held, Stage.CONTRACT.name());
            case UNEXPAND_WHILE_SOME_NAME_NEW -> waitsForSomebody(held, "reverting " + Stage.EXPAND);
            case CONTRACT_WITHOUT_NODE -> lacks(held, "no node is registered");
            case SEAL_FROM_UNSEALED_SIDE -> lacks(held, "is not sealed and cannot be its source");
            case NEW_ONLY_BEFORE_RELAX -> held instanceof Held.NotFree || held instanceof Held.NotOmittable;
            case DISCARD_UNASKED -> lacks(held, "nobody has confirmed that");
            case DISCARD_WHILE_SOME_SET_NEW ->
                waitsForSomebody(held, "discarding") || waitsForSomebody(held, "reverting " + Stage.RELAX);
            case DISCARD_BEFORE_RELAX_IS_REVERTED -> lacks(held, "NEW does not follow the columns");
            case RELAX_WHILE_SOME_READ_OLD -> waitsForSomebody(held, Stage.RELAX.name());
            case RELAX_WITHOUT_SEAL -> lacks(held, "NEW is not sealed");
            case UNRELAX_WHILE_SOME_OMIT_OLD -> waitsForSomebody(held, "reverting " + Stage.RELAX);
            case SEAL_WITHOUT_GUARD -> lacks(held, "the guard that keeps");
            default -> false;
        };
    }

    private static boolean waitsForSomebody(Held held, String wanted) {
        return held instanceof Held.Occupied occupied && occupied.wanted().startsWith(wanted);
    }

    private static boolean lacks(Held held, String missing) {
        return held instanceof Held.Lacks lacks && lacks.missing().contains(missing);
    }

    /** The situation as it would look if a stage under way had not said so. */
    private Situation withoutIntent(Situation s) {
        return switch (mutation) {
            case ENFORCE_WITHOUT_INTENT -> hiding(s, Stage.ENFORCE, Progress.APPLYING, Progress.PENDING);
            case CONTRACT_WITHOUT_INTENT -> hiding(s, Stage.CONTRACT, Progress.APPLYING, Progress.PENDING);
            case UNEXPAND_WITHOUT_INTENT -> hiding(s, Stage.EXPAND, Progress.REVERTING, Progress.DONE);
            default -> s;
        };
    }

    private static Situation hiding(Situation s, Stage stage, Progress intent, Progress shown) {
        return s.stages().of(stage) == intent
                ? new Situation(
                        s.kind(),
                        s.epoch(),
                        s.sealedOld(),
                        s.sealedNew(),
                        s.discards(),
                        s.guard(),
                        s.stages().with(stage, shown),
                        s.participants())
                : s;
    }

    /** In any phase that the rule allows; production looks for one that keeps the order as well. */
    @Override
    public @Nullable Situation joins(Situation s, String node, Phase phase) {
        return occupies(s, new Participant(node, "model", phase, Phases.NONE, phase), phase);
    }

    @Override
    public @Nullable Situation moves(Situation s, String node, Phase phase) {
        return occupies(s, s.participant(node).orElseThrow(), phase);
    }

    private @Nullable Situation occupies(Situation s, Participant self, Phase phase) {
        Situation asked = mutation == Mutation.WITHOUT_OWN_SESSIONS ? s.gone(self.node()) : s;
        return admits(Rule.occupy(withoutIntent(asked), phase)) ? effect(s, s.occupied(self, phase), self) : null;
    }

    private Situation effect(Situation before, Situation after, Participant self) {
        return switch (mutation) {
            case WITHOUT_VOIDING ->
                new Situation(
                        after.kind(),
                        after.epoch(),
                        before.sealedOld(),
                        before.sealedNew(),
                        after.discards(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case WITHOUT_EPOCH ->
                new Situation(
                        after.kind(),
                        before.epoch(),
                        after.sealedOld(),
                        after.sealedNew(),
                        after.discards(),
                        after.guard(),
                        after.stages(),
                        after.participants());
            case FORGETS_OLDER_PHASES ->
                before.participant(self.node()).isEmpty() ? after : after.drained(self.node(), Phases.of(self.phase()));
            default -> after;
        };
    }

    @Override
    public @Nullable Situation drained(Situation s, String node, Phases open) {
        return changed(s, s.drained(node, open));
    }

    @Override
    public @Nullable Situation leaves(Situation s, String node) {
        return changed(s, s.gone(node));
    }

    @Override
    public @Nullable Situation lapses(Situation s, String node) {
        return leaves(s, node);
    }

    private static @Nullable Situation changed(Situation before, Situation after) {
        return after.equals(before) ? null : after;
    }

    @Override
    public @Nullable Situation begins(Situation s, Stage stage, boolean apply) {
        Progress now = s.stages().of(stage);
        if (now == underWay(apply)
                || now == end(apply)
                || !admits(apply ? Rule.apply(s, stage) : Rule.revert(s, stage))) {
            return null;
        }
        Situation next = s.stage(stage, underWay(apply));
        if (stage == Stage.GUARD && !apply) {
            return next.guarded(Side.NEW, false).guarded(Side.OLD, false);
        }
        boolean keepsOld = mutation == Mutation.RELAX_VOIDS_NOTHING && apply && s.sealed(Side.OLD);
        return keepsOld ? next.proven(Side.OLD) : next;
    }

    @Override
    public @Nullable Situation ends(Situation s, Stage stage, boolean apply) {
        if (s.stages().of(stage) != underWay(apply)) {
            return null;
        }
        Situation next = s.stage(stage, end(apply));
        return stage == Stage.GUARD && apply ? next.guarded(Side.NEW, true) : next;
    }

    @Override
    public @Nullable Situation guardedBack(Situation s) {
        return s.stages().done(Stage.GUARD) && s.stages().pending(Stage.CONTRACT)
                ? changed(s, s.guarded(Side.OLD, true))
                : null;
    }

    @Override
    public @Nullable Situation beginsSwitch(Situation s, boolean refuse) {
        Progress now = s.guard().refusal();
        boolean never = refuse && mutation == Mutation.JAVA_GUARD_NEVER_REFUSES;
        return now == underWay(refuse)
                        || now == end(refuse)
                        || never
                        || !admits(refuse ? Rule.refuse(s) : Rule.record(s))
                ? null
                : s.refusing(underWay(refuse));
    }

    @Override
    public @Nullable Situation endsSwitch(Situation s, boolean refuse) {
        return s.guard().refusal() == underWay(refuse) ? s.refusing(end(refuse)) : null;
    }

    private static Progress underWay(boolean apply) {
        return apply ? Progress.APPLYING : Progress.REVERTING;
    }

    private static Progress end(boolean apply) {
        return apply ? Progress.DONE : Progress.PENDING;
    }

    @Override
    public @Nullable Situation discards(Situation s) {
        return admits(Rule.discard(s)) ? changed(s, s.discarding()) : null;
    }

    @Override
    public @Nullable Situation vouches(Situation s) {
        return changed(s, s.vouched());
    }

    @Override
    public @Nullable Situation notes(Situation s, Side side) {
        boolean unproven = !s.sealed(side) || mutation == Mutation.SEAL_FROM_UNSEALED_SIDE;
        boolean possible = side == Side.NEW || mutation != Mutation.WITHOUT_REVERSE_PASS;
        return unproven && possible && admits(Rule.seal(withoutIntent(s), side)) ? s : null;
    }

    @Override
    public @Nullable Situation seals(Situation s, Side side) {
        return notes(s, side) == null ? null : s.proven(side);
    }

    @Override
    public @Nullable Situation voids(Situation s, Side side) {
        return s.voided(side);
    }
}
