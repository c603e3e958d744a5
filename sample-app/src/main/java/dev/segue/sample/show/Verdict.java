package dev.segue.sample.show;

import dev.segue.sample.fleet.ShownChange;
import java.util.ArrayList;
import java.util.List;

/** Whether the show went as it must; each reason against it is one sentence. */
record Verdict(List<String> against) {

    /** What was counted and found. */
    record Facts(
            long requests,
            int requestsWanted,
            int failed,
            int wrongReads,
            int lost,
            List<String> complaints,
            List<ShownChange> notContracted) {}

    static Verdict of(Facts facts) {
        List<String> against = new ArrayList<>(facts.complaints());
        if (facts.failed() > 0) {
            against.add(facts.failed() + " requests failed.");
        }
        if (facts.wrongReads() > 0) {
            against.add(facts.wrongReads() + " reads were wrong.");
        }
        if (facts.lost() > 0) {
            against.add(facts.lost() + " writes were lost.");
        }
        for (ShownChange change : facts.notContracted()) {
            against.add(change.id() + " is not contracted: customer." + change.oldColumn() + " is still there.");
        }
        if (facts.requests() < facts.requestsWanted()) {
            against.add(facts.requests() + " requests were made, fewer than the " + facts.requestsWanted()
                    + " of --requests.");
        }
        return new Verdict(List.copyOf(against));
    }

    boolean isGood() {
        return against.isEmpty();
    }
}
