package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;

/** The schema of what the endpoint answers, as it is shipped. */
final class EndpointSchema {

    private static final String ID = "https://segue.dev/schema/endpoint.json";

    private EndpointSchema() {}

    /** @param part of the schema, such as {@code #/$defs/change}; {@code #} is what the whole endpoint answers */
    static void check(String part, String json) throws IOException {
        String text = new ClassPathResource("segue.schema.json", SegueEndpoint.class)
                .getContentAsString(StandardCharsets.UTF_8);
        Schema schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(java.util.Map.of(ID, text)))
                .getSchema(SchemaLocation.of(ID + part));
        assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
    }
}
