package dev.segue.spring;

import dev.segue.ChangeStatus;
import dev.segue.Segue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Down only if this node has lost its lease and cannot commit; then a load balancer should send its requests elsewhere.
 * A change that waits is no illness: it is a detail.
 */
final class SegueHealthIndicator extends AbstractHealthIndicator {

    private final SegueNodes nodes;

    SegueHealthIndicator(SegueNodes nodes) {
        super("The state of the column changes could not be read");
        this.nodes = nodes;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (Segue node : nodes.all()) {
            if (node.isFenced()) {
                builder.down().withDetail("fenced", node.node() + " has lost its lease and is joining the fleet again");
            }
            for (ChangeStatus status : node.status()) {
                builder.withDetail(status.change().id(), detail(status));
            }
        }
        if (!nodes.ended().isEmpty()) {
            builder.withDetail("overAndStillConfigured", nodes.ended());
        }
    }

    private static Map<String, Object> detail(ChangeStatus status) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("phase", status.phase().id());
        detail.put("requested", status.requested().id());
        detail.put("requestedBy", status.requestedBy());
        detail.put("inSync", status.phase() == status.requested());
        detail.put("oneSidedWrites", status.record().guardHits());
        if (status.record().guardLastWriter() != null) {
            detail.put("lastOneSidedWriter", status.record().guardLastWriter());
        }
        if (!status.held().isEmpty()) {
            detail.put(
                    "held",
                    status.held().stream()
                            .map(held -> held.clause().id() + ": " + held.message())
                            .toList());
        }
        return detail;
    }
}
