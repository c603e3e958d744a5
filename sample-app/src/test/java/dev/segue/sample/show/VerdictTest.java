package dev.segue.sample.show;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.sample.fleet.ShownChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void isGoodOnlyIfNothingSpeaksAgainstIt() {
        Verdict verdict = Verdict.of(new Verdict.Facts(20_000, 20_000, 0, 0, 0, List.of(), List.of()));

        assertThat(verdict.isGood()).isTrue();
    }

    @Test
    void namesEveryReason() {
        Verdict verdict =
                Verdict.of(new Verdict.Facts(10, 20_000, 1, 2, 3, List.of("shop-1 ended."), List.of(ShownChange.NAME)));

        assertThat(verdict.against())
                .containsExactly(
                        "shop-1 ended.",
                        "1 requests failed.",
                        "2 reads were wrong.",
                        "3 writes were lost.",
                        "customer-full-name is not contracted: customer.name is still there.",
                        "10 requests were made, fewer than the 20000 of --requests.");
    }
}
