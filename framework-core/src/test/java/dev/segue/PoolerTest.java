package dev.segue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.segue.change.SqlForm;
import dev.segue.fleet.NodeIdentity;
import dev.segue.lifecycle.Phase;
import dev.segue.schema.LockPatience;
import dev.segue.test.database.Engine;
import dev.segue.test.network.TransactionPooler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a pooler in transaction mode does to a session is found out before anything rests on sessions. */
class PoolerTest {

    private static Segue.Checked check(DataSource direct) throws Exception {
        SegueSettings settings = new SegueSettings(
                new NodeIdentity("n1", "shop", "1"),
                SegueSettings.Unmet.HOLD,
                Fleet.LEASE,
                Duration.ZERO,
                LockPatience.DEFAULT,
                Map.of(Fleet.CHANGE, Fleet.settings(Phase.DUAL_WRITE)));
        return Segue.check(settings, List.of(Fleet.declaration(SqlForm.SAME)), List.of(), direct);
    }

    @Test
    void aPoolerInTransactionModeIsRefusedWithWhatCannotWorkAndTheServerItselfIsNot() throws Exception {
        try (Fleet fleet = new Fleet(Engine.POSTGRESQL, 1);
                TransactionPooler pooler = TransactionPooler.to(fleet.port())) {
            PGSimpleDataSource pooled = new PGSimpleDataSource();
            pooled.setUrl(fleet.database.through(pooler.port()).url());
            pooled.setUser(fleet.database.username());
            pooled.setPassword(fleet.database.password());
            pooled.setPrepareThreshold(0);

            assertThatThrownBy(() -> check(pooled))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContainingAll("segue.direct-url", "pooler", "session");
            assertThat(fleet.columns("segue_change")).isEmpty();
            assertThat(check(fleet.database.dataSource()).changes()).hasSize(1);
        }
    }
}
