package dev.segue.fleet;

import dev.segue.fleet.Request.Source;
import dev.segue.lifecycle.Phase;
import java.sql.SQLException;
import java.util.Optional;

/** The automatic way back: what a node's watch tells the whole fleet when it has seen enough. Thread-safe. */
public final class WayBack {

    private final ChangeStore<?> store;

    public WayBack(ChangeStore<?> store) {
        this.store = store;
    }

    /**
     * Tells the whole fleet to go back. The word stays until an operator clears it, also if what was seen has ended. Of
     * several the one counts that goes back furthest. See {@link Requests} for what it is stronger than.
     *
     * @param phase where to be at most
     * @param node whose watch it is
     * @param why what it has seen
     * @return whether it stands now because of this call; false if one that goes back as far was there before
     */
    public boolean request(String change, Phase phase, String node, String why) throws SQLException {
        return store.underLock(change, locked -> {
            Optional<Request> before = locked.request(Source.WATCH);
            if (before.isPresent() && !before.get().phase().isAbove(phase)) {
                return false;
            }
            locked.request(Source.WATCH, phase, node, why);
            return true;
        });
    }
}
