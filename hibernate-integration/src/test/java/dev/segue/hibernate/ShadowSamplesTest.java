package dev.segue.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many reads of rows that differ are one line to tell, with one key. */
class ShadowSamplesTest {

    @Test
    void areToldOnceWithTheirNumberAndTheFirstKeyAndHeardOneByOne() {
        List<String> heard = new ArrayList<>();
        ShadowSamples samples =
                new ShadowSamples((change, entity, key) -> heard.add(change + " " + entity + " " + key));
        samples.mismatch("name", "Customer", 42);
        samples.mismatch("name", "Customer", 43);
        samples.mismatch("tier", "Customer", null);

        assertThat(samples.take("name")).contains("2 read(s) of rows whose columns differ, such as Customer 42");
        assertThat(samples.take("name")).isEmpty();
        assertThat(samples.take("tier")).contains("1 read(s) of rows whose columns differ, such as Customer");
        assertThat(heard).containsExactly("name Customer 42", "name Customer 43", "tier Customer null");
    }
}
