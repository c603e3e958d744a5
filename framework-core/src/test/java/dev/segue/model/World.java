package dev.segue.model;

import dev.segue.lifecycle.Guard;
import dev.segue.lifecycle.Participant;
import dev.segue.lifecycle.Phase;
import dev.segue.lifecycle.Phases;
import dev.segue.lifecycle.Progress;
import dev.segue.lifecycle.Side;
import dev.segue.lifecycle.Situation;
import dev.segue.lifecycle.Stage;
import dev.segue.lifecycle.Stages;
import java.util.ArrayList;
import java.util.List;

/**
 * How a state of the world is laid out in an array of small numbers, and how that is packed.
 *
 * <p>First comes what the registry holds (it becomes a {@link Situation} for the production rule), then the schema as
 * it really is, the pass, the rows, and the transactions. A null in a column is 2.
 */
final class World {

    // What the registry holds.
    static final int EXPAND = 0;
    static final int SEALED_OLD = 5;
    static final int SEALED_NEW = 6;
    static final int GUARD_NEW = 7;
    static final int GUARD_OLD = 8;
    static final int REFUSAL = 9;
    static final int DISCARDS = 10;
    static final int VOUCHED = 11;
    static final int NODES = 12;
    static final int REGISTERED = 0;
    static final int PHASE = 1;
    static final int DRAINING = 2;
    static final int NODE_FIELDS = 3;

    // The schema as it really is, after the fields of the nodes.
    static final int NEW_EXISTS = 0;
    static final int OLD_EXISTS = 1;
    static final int NEW_MANDATORY = 2;
    /** Or, where a column is introduced: the trigger that fills NEW does so only in INSERTs. */
    static final int OLD_OMITTABLE = 3;

    static final int TRIGGER_NEW = 4;
    static final int TRIGGER_OLD = 5;
    static final int TRIGGER_REFUSES = 6;
    static final int SCHEMA_FIELDS = 7;

    // The pass.
    static final int PASS_SIDE = 0;
    static final int PASS_AT = 1;
    static final int PASS_VALID = 2;
    static final int PASS_READ = 3;
    static final int PASS_FIELDS = 4;

    // A row.
    static final int EXISTS = 0;
    static final int OLD_VALUE = 1;
    static final int NEW_VALUE = 2;
    static final int TRUTH = 3;
    static final int DIRTY = 4;
    static final int ROW_FIELDS = 5;
    static final int NULL = 2;

    // A transaction.
    static final int STATE = 0;
    static final int TX_PHASE = 1;
    static final int ROW = 2;
    static final int VALUE = 3;
    static final int WRITES = 4;
    static final int RECORDS = 5;
    static final int BEFORE_BARRIER = 6;
    static final int SNAPSHOT = 7;
    /** It writes sources of a column that is introduced without writing its value; an INSERT gives both, and they differ. */
    static final int APART = 8;

    static final int TX_FIELDS = 9;

    static final int NONE = 0;
    static final int OPEN = 1;
    static final int WRITTEN = 2;
    static final int CHECKED = 3;
    /** It has locked its own participant row, past the local deadline. */
    static final int LOCKED = 4;
    /** A database transaction with a snapshot, but no session yet. */
    static final int BEGUN = 5;

    // What a node keeps for itself.
    static final int OPENS = 0;
    static final int LEASE = 1;
    static final int LOCAL_FIELDS = 2;
    static final int FRESH = 0;
    /** Over by its own clock. */
    static final int OVER = 1;
    /** Over for everybody else, and it does not know (only if its clock were late). */
    static final int UNAWARE = 2;
    /** Over by the database's clock and still listed (only if expired leases were renewed). */
    static final int EXPIRED = 3;

    final Bounds bounds;
    final int control;
    final int schema;
    final int pass;
    final int rows;
    final int legacy;
    final int locals;
    final int sessions;
    final int length;
    final int longs;
    private final int[] widths;
    private final int[] words;
    private final int[] shifts;

    World(Bounds bounds) {
        this.bounds = bounds;
        control = NODES + NODE_FIELDS * bounds.nodes();
        schema = control;
        pass = schema + SCHEMA_FIELDS;
        rows = pass + PASS_FIELDS;
        legacy = rows + ROW_FIELDS * bounds.rows();
        locals = legacy + TX_FIELDS;
        sessions = locals + LOCAL_FIELDS * bounds.nodes();
        length = sessions + TX_FIELDS * bounds.nodes() * bounds.sessions();
        widths = widths();
        words = new int[length];
        shifts = new int[length];
        longs = layOut();
    }

    private int[] widths() {
        int[] w = new int[length];
        int apartBits = bounds.kind().setsFreely() ? 1 : 0;
        int javaBit = bounds.form().isJava() ? 1 : 0;
        fill(w, 0, 2, 2, 2, 2, 2, 1, 1, 1, 1, 2 * javaBit, apartBits, bounds.form() == Guard.Form.JAVA_BLIND ? 1 : 0);
        for (int n = 0; n < bounds.nodes(); n++) {
            fill(w, node(n), 1, 3, 5);
            fill(w, local(n), 3, 2);
        }
        fill(w, schema, 1, 1, 1, 1, 1, 1, javaBit);
        fill(w, pass, 2, 3, 1, 2);
        for (int r = 0; r < bounds.rows(); r++) {
            fill(w, row(r), 1, 2, 2, 1, javaBit);
        }
        int rowBits = bounds.rows() > 1 ? 1 : 0;
        int snapshotBits = bounds.snapshots() ? 6 : 0;
        if (bounds.legacy()) {
            fill(w, legacy, 3, 0, rowBits, 1, 2, javaBit, 1, 0, apartBits);
        }
        for (int t = sessions; t < length; t += TX_FIELDS) {
            fill(w, t, 3, 3, rowBits, 1, 2, javaBit, 1, snapshotBits, apartBits);
        }
        return w;
    }

    private static void fill(int[] widths, int at, int... bits) {
        System.arraycopy(bits, 0, widths, at, bits.length);
    }

    int node(int n) {
        return NODES + NODE_FIELDS * n;
    }

    int row(int r) {
        return rows + ROW_FIELDS * r;
    }

    int local(int n) {
        return locals + LOCAL_FIELDS * n;
    }

    int session(int n, int s) {
        return sessions + TX_FIELDS * (n * bounds.sessions() + s);
    }

    /** The registry's part as one number; it fits because there are at most three nodes. */
    long controlKey(int[] a) {
        long key = 0;
        int at = 0;
        for (int i = 0; i < control; i++) {
            key |= (long) a[i] << at;
            at += widths[i];
        }
        return key;
    }

    void setControl(int[] a, long key) {
        int at = 0;
        for (int i = 0; i < control; i++) {
            a[i] = (int) (key >>> at) & ((1 << widths[i]) - 1);
            at += widths[i];
        }
    }

    /** Where each field is put: no field reaches over the end of a long. */
    private int layOut() {
        int word = 0;
        int at = 0;
        for (int i = 0; i < length; i++) {
            if (at + widths[i] > 64) {
                word++;
                at = 0;
            }
            words[i] = word;
            shifts[i] = at;
            at += widths[i];
        }
        return word + 1;
    }

    void pack(int[] a, long[] into) {
        int i = 0;
        for (int word = 0; word < longs; word++) {
            long bits = 0;
            for (; i < length && words[i] == word; i++) {
                bits |= (long) a[i] << shifts[i];
            }
            into[word] = bits;
        }
    }

    void unpack(long[] from, int offset, int[] a) {
        for (int i = 0; i < length; i++) {
            a[i] = (int) (from[offset + words[i]] >>> shifts[i]) & ((1 << widths[i]) - 1);
        }
    }

    /** What the production rule is asked about. The epoch is always 0: only whether it goes up matters. */
    Situation situation(int[] a) {
        Progress[] progress = Progress.values();
        List<Participant> participants = new ArrayList<>();
        for (int n = 0; n < bounds.nodes(); n++) {
            int o = node(n);
            if (a[o + REGISTERED] == 1) {
                Phase phase = Phase.values()[a[o + PHASE]];
                participants.add(new Participant(name(n), "model", phase, new Phases(a[o + DRAINING]), phase));
            }
        }
        return new Situation(
                bounds.kind(),
                0,
                a[SEALED_OLD] == 1,
                a[SEALED_NEW] == 1,
                a[DISCARDS] == 1,
                new Guard(bounds.form(), a[GUARD_NEW] == 1, a[GUARD_OLD] == 1, progress[a[REFUSAL]], a[VOUCHED] == 1),
                new Stages(
                        progress[a[EXPAND]],
                        progress[a[EXPAND + 1]],
                        progress[a[EXPAND + 2]],
                        progress[a[EXPAND + 3]],
                        progress[a[EXPAND + 4]]),
                participants);
    }

    void setSituation(int[] a, Situation s) {
        a[EXPAND] = s.stages().expand().ordinal();
        a[EXPAND + 1] = s.stages().guard().ordinal();
        a[EXPAND + 2] = s.stages().enforce().ordinal();
        a[EXPAND + 3] = s.stages().relax().ordinal();
        a[EXPAND + 4] = s.stages().contract().ordinal();
        a[SEALED_OLD] = s.sealedOld() ? 1 : 0;
        a[SEALED_NEW] = s.sealedNew() ? 1 : 0;
        a[GUARD_NEW] = s.guard().oldToNew() ? 1 : 0;
        a[GUARD_OLD] = s.guard().newToOld() ? 1 : 0;
        a[REFUSAL] = s.guard().refusal().ordinal();
        a[DISCARDS] = s.discards() ? 1 : 0;
        a[VOUCHED] = s.guard().vouched() ? 1 : 0;
        for (int n = 0; n < bounds.nodes(); n++) {
            int o = node(n);
            Participant participant = s.participant(name(n)).orElse(null);
            a[o + REGISTERED] = participant == null ? 0 : 1;
            a[o + PHASE] = participant == null ? 0 : participant.phase().ordinal();
            a[o + DRAINING] = participant == null ? 0 : participant.draining().bits();
        }
    }

    static String name(int n) {
        return "n" + n;
    }

    int[] initial(boolean withRow) {
        int[] a = new int[length];
        a[schema + OLD_EXISTS] = 1;
        a[SEALED_OLD] = 1;
        for (int r = 0; r < bounds.rows(); r++) {
            a[row(r) + OLD_VALUE] = NULL;
            a[row(r) + NEW_VALUE] = NULL;
            if (withRow && (r == 0 || !bounds.inserts())) {
                a[row(r) + EXISTS] = 1;
                a[row(r) + OLD_VALUE] = 0;
            }
        }
        return a;
    }

    /** A state of a smaller world as one of this world: the other nodes and rows are not there yet. */
    int[] enlarged(World smaller, int[] from) {
        int[] a = initial(false);
        System.arraycopy(from, 0, a, 0, NODES);
        System.arraycopy(from, smaller.schema, a, schema, SCHEMA_FIELDS);
        System.arraycopy(from, smaller.pass, a, pass, PASS_FIELDS);
        System.arraycopy(from, smaller.rows, a, rows, ROW_FIELDS * smaller.bounds.rows());
        System.arraycopy(from, smaller.legacy, a, legacy, TX_FIELDS);
        for (int n = 0; n < smaller.bounds.nodes(); n++) {
            System.arraycopy(from, smaller.node(n), a, node(n), NODE_FIELDS);
            System.arraycopy(from, smaller.local(n), a, local(n), LOCAL_FIELDS);
            System.arraycopy(from, smaller.session(n, 0), a, session(n, 0), TX_FIELDS * smaller.bounds.sessions());
        }
        return a;
    }

    /** The drop is done, and every node there is runs without the old columns. */
    boolean isOver(int[] a) {
        return a[EXPAND + Stage.CONTRACT.ordinal()] == Progress.DONE.ordinal() && everyNode(a, Phase.NEW_ONLY);
    }

    /** Nothing has been begun, or all of it has been taken back, and every node there is names no new column. */
    boolean isAtStart(int[] a) {
        for (Stage stage : Stage.values()) {
            if (a[EXPAND + stage.ordinal()] != Progress.PENDING.ordinal()) {
                return false;
            }
        }
        return everyNode(a, Phase.OLD_ONLY);
    }

    /** Whether the phase names columns of the side that are not there. The sources of a new column always are. */
    boolean lacks(int[] a, Phase phase, Side side) {
        if (side == Side.OLD) {
            return phase.names(side)
                    && a[schema + OLD_EXISTS] == 0
                    && !bounds.kind().setsFreely();
        }
        return phase.names(side) && a[schema + NEW_EXISTS] == 0 && bounds.kind().has(Stage.EXPAND);
    }

    /** As long as nobody has written down that the drop is about to run. */
    boolean mayGoBack(int[] a) {
        return a[EXPAND + Stage.CONTRACT.ordinal()] == Progress.PENDING.ordinal();
    }

    private boolean everyNode(int[] a, Phase phase) {
        for (int n = 0; n < bounds.nodes(); n++) {
            boolean there = a[node(n) + REGISTERED] == 1
                    && a[node(n) + PHASE] == phase.ordinal()
                    && a[node(n) + DRAINING] == 0
                    && a[local(n) + OPENS] == phase.ordinal()
                    && a[local(n) + LEASE] == FRESH;
            if (!there) {
                return false;
            }
        }
        return true;
    }

    /** What the registry and the rows hold, in one line. */
    String text(int[] a) {
        StringBuilder text = new StringBuilder(situation(a).toString());
        for (int r = 0; r < bounds.rows(); r++) {
            int o = row(r);
            text.append(
                    a[o + EXISTS] == 0
                            ? ", no row %d".formatted(r)
                            : ", row %d old %s new %s value %d"
                                    .formatted(r, value(a[o + OLD_VALUE]), value(a[o + NEW_VALUE]), a[o + TRUTH]));
        }
        return text.toString();
    }

    private static String value(int value) {
        return value == NULL ? "NULL" : String.valueOf(value);
    }

    /**
     * The representative of all states that differ only by renaming: the two values of a row, the sessions of a node,
     * the nodes.
     */
    void canonicalise(int[] a, int[] scratch) {
        for (int r = 0; r < bounds.rows(); r++) {
            if (a[row(r) + TRUTH] == 1) {
                swapValues(a, r);
            }
        }
        for (int n = 0; n < bounds.nodes(); n++) {
            for (int s = 1; s < bounds.sessions(); s++) {
                int x = session(n, s - 1);
                int y = session(n, s);
                if (compare(a, x, y, TX_FIELDS) > 0) {
                    swap(a, x, y, TX_FIELDS, scratch);
                }
            }
        }
        for (int i = 0; i < bounds.nodes(); i++) {
            for (int n = 0; n + 1 < bounds.nodes() - i; n++) {
                if (compareNodes(a, n, n + 1) > 0) {
                    swap(a, node(n), node(n + 1), NODE_FIELDS, scratch);
                    swap(a, local(n), local(n + 1), LOCAL_FIELDS, scratch);
                    swap(a, session(n, 0), session(n + 1, 0), TX_FIELDS * bounds.sessions(), scratch);
                }
            }
        }
    }

    private void swapValues(int[] a, int r) {
        int o = row(r);
        a[o + TRUTH] = 0;
        a[o + OLD_VALUE] = flip(a[o + OLD_VALUE]);
        a[o + NEW_VALUE] = flip(a[o + NEW_VALUE]);
        if (a[pass + PASS_READ] > 0 && a[pass + PASS_AT] == r + 1) {
            a[pass + PASS_READ] = flip(a[pass + PASS_READ] - 1) + 1;
        }
        for (int t = legacy; t < length; t = next(t)) {
            if (holdsRow(a, t) && a[t + ROW] == r) {
                a[t + VALUE] ^= 1;
            }
            int snapshot = a[t + SNAPSHOT];
            if (snapshot != 0 && r == 0) {
                a[t + SNAPSHOT] = snapshot(flip(snapshot >> 1 & 3), flip(snapshot >> 3 & 3), snapshot >> 5 ^ 1);
            }
        }
    }

    /** One row as a reader's snapshot holds it. */
    static int snapshot(int oldValue, int newValue, int truth) {
        return 1 | oldValue << 1 | newValue << 3 | truth << 5;
    }

    /** The transaction after this one; the first is the unregistered writer's. */
    int next(int t) {
        return t == legacy ? sessions : t + TX_FIELDS;
    }

    static boolean holdsRow(int[] a, int t) {
        return a[t + STATE] >= WRITTEN && a[t + STATE] <= LOCKED;
    }

    private static int flip(int value) {
        return value < NULL ? value ^ 1 : value;
    }

    private int compareNodes(int[] a, int x, int y) {
        int c = compare(a, node(x), node(y), NODE_FIELDS);
        if (c == 0) {
            c = compare(a, local(x), local(y), LOCAL_FIELDS);
        }
        return c == 0 ? compare(a, session(x, 0), session(y, 0), TX_FIELDS * bounds.sessions()) : c;
    }

    private static int compare(int[] a, int x, int y, int fields) {
        for (int i = 0; i < fields; i++) {
            int c = a[x + i] - a[y + i];
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    private static void swap(int[] a, int x, int y, int fields, int[] scratch) {
        System.arraycopy(a, x, scratch, 0, fields);
        System.arraycopy(a, y, a, x, fields);
        System.arraycopy(scratch, 0, a, y, fields);
    }
}
