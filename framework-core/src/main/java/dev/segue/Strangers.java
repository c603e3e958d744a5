package dev.segue;

import dev.segue.fleet.ChangeRecord;
import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Progress;
import java.time.Duration;
import java.util.List;

/**
 * Looks out for writers that are not registered before their writes begin to fail. A guard in Java form records what they
 * write until the proof of NEW begins, and refuses it from then on; so the proof waits until the guard has caught nothing
 * for a while, or until an operator says that it shall not wait.
 */
final class Strangers implements Caution {

    private final Duration quiet;

    /** @param quiet for how long the guard must have caught nothing */
    Strangers(Duration quiet) {
        this.quiet = quiet;
    }

    /** What keeps this work waiting, if it would refuse somebody who has just been seen. */
    @Override
    public List<Held> beforeWork(ChangeRecord record, Work work) {
        boolean begins = work instanceof Work.SwitchGuard guard
                && guard.refuses()
                && record.situation().guard().refusal() == Progress.PENDING;
        boolean seen = record.uncountedHits()
                || (record.guardQuietFor() != null && record.guardQuietFor().compareTo(quiet) < 0);
        return begins && seen && record.request(Source.OPERATOR).isEmpty()
                ? List.of(new Held.Lacks(
                        "refusing one-sided writes",
                        "%s writes the old columns alone, and from the proof of the new ones on such writes fail"
                                .formatted(record.guardLastWriter() == null ? "somebody" : record.guardLastWriter()),
                        "let it end or deploy the change there; it goes on after %d s without such a write, or at once when an operator requests the phase"
                                .formatted(quiet.toSeconds())))
                : List.of();
    }
}
