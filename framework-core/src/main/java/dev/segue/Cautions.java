package dev.segue;

import dev.segue.change.ColumnChange;
import dev.segue.fleet.ChangeRecord;
import dev.segue.lifecycle.Agenda.Work;
import dev.segue.lifecycle.Held;
import dev.segue.lifecycle.Phase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that a node minds, as one. */
record Cautions(List<Caution> all) implements Caution {

    Cautions {
        all = List.copyOf(all);
    }

    private interface Question {
        List<Held> ask(Caution caution) throws SQLException;
    }

    private List<Held> ask(Question question) throws SQLException {
        List<Held> held = new ArrayList<>();
        for (Caution caution : all) {
            held.addAll(question.ask(caution));
        }
        return held;
    }

    @Override
    public void look(ColumnChange change, ChangeRecord record) throws SQLException {
        for (Caution caution : all) {
            caution.look(change, record);
        }
    }

    @Override
    public List<Held> beforePhase(ColumnChange change, ChangeRecord record, @Nullable Phase from, Phase to)
            throws SQLException {
        return ask(caution -> caution.beforePhase(change, record, from, to));
    }

    @Override
    public List<Held> beforeWork(ChangeRecord record, Work work) {
        return all.stream()
                .flatMap(caution -> caution.beforeWork(record, work).stream())
                .toList();
    }

    @Override
    public List<Held> beforeDrop(ChangeRecord record) throws SQLException {
        return ask(caution -> caution.beforeDrop(record));
    }

    @Override
    public void waived(String change) throws SQLException {
        for (Caution caution : all) {
            caution.waived(change);
        }
    }
}
