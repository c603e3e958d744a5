package dev.segue.watch;

import dev.segue.change.ColumnChange;
import dev.segue.database.Database;
import java.util.List;

/**
 * What watches a node at its work; whoever holds the sessions tells it.
 *
 * @param statements hears of each statement
 * @param measures hears of sessions, how long their statements take, and how their transactions end
 */
public record Watch(StatementWatch statements, Measures measures) {

    public static Watch of(List<ColumnChange> changes, Database database) {
        return new Watch(new StatementWatch(changes, database), new Measures());
    }
}
