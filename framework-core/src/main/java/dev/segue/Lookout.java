package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.Layout;
import dev.segue.fleet.WayBack;
import dev.segue.watch.Limits;
import dev.segue.watch.Measures;
import dev.segue.watch.Sample;
import dev.segue.watch.Trend;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The automatic way back: tells the whole fleet to go back with a change when this node has become slow or fails since it
 * has gone on. For one thread; how slow the node is, is for any.
 */
final class Lookout {

    private static final Logger log = LoggerFactory.getLogger(Lookout.class);

    /** One change that is looked after. */
    private static final class Post {

        private final String change;
        private final Limits limits;
        private final Trend trend;
        private Sample measured = Sample.EMPTY;
        private long since = System.nanoTime();

        Post(String change, Limits limits) {
            this.change = change;
            this.limits = limits;
            this.trend = new Trend(limits);
        }
    }

    /** So many looks make up what people are told: with few statements a single one jumps about. */
    private static final int TOLD = 4;

    private final Deque<Sample> told = new ArrayDeque<>();
    private volatile OptionalDouble latencyMillis = OptionalDouble.empty();
    private final Measures measures;
    private final WayBack wayBack;
    private final String node;
    private final Map<String, Post> posts = new HashMap<>();
    private Optional<Layout> last = Optional.empty();

    Lookout(SegueSettings settings, List<ColumnChange> changes, Measures measures, WayBack wayBack) {
        this.measures = measures;
        this.wayBack = wayBack;
        this.node = settings.identity().node();
        for (ColumnChange change : changes) {
            settings.change(change.id())
                    .watch()
                    .ifPresent(limits -> posts.put(change.id(), new Post(change.id(), limits)));
        }
    }

    /** Takes what has been measured since the last time. A change of the layout begins a measurement. */
    void look(Layout layout) throws SQLException {
        Sample sample = measures.take(layout);
        tell(sample);
        boolean other = !last.equals(Optional.of(layout));
        last = Optional.of(layout);
        long now = System.nanoTime();
        for (Post post : posts.values()) {
            post.measured = other ? sample : post.measured.then(sample);
            if (other) {
                post.since = now;
            } else if (now - post.since >= post.limits.window().toNanos()) {
                post.since = now;
                Sample whole = post.measured;
                post.measured = Sample.EMPTY;
                log.debug(
                        "Change {}: in {} {}",
                        post.change,
                        layout.phase(post.change).id(),
                        whole);
                Optional<Trend.Back> back = post.trend.next(layout.phase(post.change), whole);
                if (back.isPresent()) {
                    goBack(post.change, back.get());
                }
            }
        }
    }

    private void tell(Sample sample) {
        told.addLast(sample);
        if (told.size() > TOLD) {
            told.removeFirst();
        }
        latencyMillis = told.stream().reduce(Sample.EMPTY, Sample::then).latencyMillis();
    }

    /** What 95 of 100 statements of this node have not exceeded in the last seconds; empty if it has run none. */
    OptionalDouble latencyMillis() {
        return latencyMillis;
    }

    private void goBack(String change, Trend.Back back) throws SQLException {
        if (wayBack.request(change, back.to(), node, back.why())) {
            log.warn(
                    "Change {}: the fleet is told to go back to {}: {}. It stays there until an operator clears the request.",
                    change,
                    back.to().id(),
                    back.why());
        }
    }
}
