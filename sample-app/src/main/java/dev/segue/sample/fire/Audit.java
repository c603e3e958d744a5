package dev.segue.sample.fire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compares every row with the history, written or not, when the load has ended. */
final class Audit {

    private final Inspector inspector;

    Audit(Inspector inspector) {
        this.inspector = inspector;
    }

    /** A line for each value that is not what it must be, in each column that is said to hold the current value. */
    List<String> compare(History history) {
        List<String> lost = new ArrayList<>();
        for (Attribute attribute : Attribute.ALL) {
            List<String> columns = inspector.sealedColumns(attribute.change());
            if (columns.isEmpty()) {
                lost.add("no column holds " + attribute);
            }
            for (String column : columns) {
                compare(history, attribute, column, lost);
            }
        }
        return lost;
    }

    private void compare(History history, Attribute attribute, String column, List<String> lost) {
        Map<Long, @Nullable String> found = inspector.values(column);
        List<Long> known = history.rows();
        for (long row : known) {
            if (!found.containsKey(row)) {
                lost.add("customer " + row + " is not there");
            } else {
                history.settle(new History.Cell(row, attribute), found.get(row))
                        .ifPresent(complaint -> lost.add(column + " of customer " + row + " is " + complaint));
            }
        }
        int strangers = found.size() - known.size();
        if (strangers > history.lostCreations()) {
            lost.add(strangers + " customers are there that nobody made; at most " + history.lostCreations()
                    + " could be, of requests whose answer was lost");
        }
    }
}
