package dev.segue;

import dev.segue.SegueListener.Span;
import dev.segue.fleet.JournalLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells those who listen what the node does, and logs each line of its journal with its parts as key-value pairs, so that
 * structured logs can be searched by change. Listeners hear the journal on a thread of their own: one that hangs keeps the
 * node from nothing. Thread-safe.
 */
final class Listeners implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listeners.class);
    private static final Logger journal = LoggerFactory.getLogger("dev.segue.journal");
    private static final int MOST_WAITING = 1_000;

    private final List<SegueListener> all = new CopyOnWriteArrayList<>();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            0, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Threads.named("segue-listeners"));

    void add(SegueListener listener) {
        all.add(listener);
    }

    void journaled(JournalLine line) {
        log(line);
        if (all.isEmpty()) {
            return;
        }
        try {
            thread.execute(() -> all.forEach(listener -> safely(listener, one -> one.journaled(line))));
        } catch (RejectedExecutionException e) {
            log.warn("Nobody is told of \"{}\": the listeners are too slow, or the node is being closed.", line);
        }
    }

    private static void log(JournalLine line) {
        LoggingEventBuilder event = journal.atInfo()
                .addKeyValue("segue.change", line.change())
                .addKeyValue("segue.node", line.node())
                .addKeyValue("segue.what", line.what());
        if (line.from() != null) {
            event = event.addKeyValue("segue.from", line.from());
        }
        if (line.to() != null) {
            event = event.addKeyValue("segue.to", line.to());
        }
        if (line.why() != null) {
            event = event.addKeyValue("segue.why", line.why());
        }
        event.log(line.toString());
    }

    /** Lets those who listen look on while a piece of work is done on this thread. */
    Span begins(SegueListener.Work work, String change, String what) {
        List<Span> spans = new ArrayList<>();
        for (SegueListener listener : all) {
            safely(listener, one -> spans.add(one.begins(work, change, what)));
        }
        // Who began last ends first: they may be nested in what a thread knows.
        return failure -> {
            for (int i = spans.size() - 1; i >= 0; i--) {
                safely(spans.get(i), span -> span.ended(failure));
            }
        };
    }

    private static <T> void safely(T who, Consumer<T> call) {
        try {
            call.accept(who);
        } catch (RuntimeException | LinkageError e) {
            log.warn("The listener {} failed", who.getClass().getName(), e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
