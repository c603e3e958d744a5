package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.lifecycle.Phase;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.DurationStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE and the guide tell about each {@code segue.*} key: a description, its type, and its real default. */
class ConfigurationMetadataTest {

    private static final JsonNode METADATA = metadata();

    /** Stands for no value. */
    private static final Object NOTHING = new Object();

    /** A key with the value it has if nobody sets it; the id of a change is a star. */
    private static final Map<String, Object> KEYS = new TreeMap<>();

    static {
        collect("segue", new SegueProperties());
        collect("segue.changes.*", new SegueProperties.Change());
    }

    @Test
    void everyKeyHasADescriptionATypeAndItsDefault() {
        Map<String, JsonNode> told = properties();

        assertThat(KEYS).hasSizeGreaterThan(30).allSatisfy((key, value) -> {
            JsonNode property = told.getOrDefault(key, JsonMapper.shared().createObjectNode());
            assertThat(property.path("description").asString("")).as(key).endsWith(".");
            assertThat(property.path("type").asString()).isNotEmpty();
            if (value instanceof Duration duration) {
                assertThat(DurationStyle.detectAndParse(
                                property.path("defaultValue").asString()))
                        .isEqualTo(duration);
            } else if (value instanceof Number number) {
                assertThat(property.path("defaultValue").asDouble()).isEqualTo(number.doubleValue());
            } else if (value instanceof Collection<?> many) {
                assertThat(many).isEmpty();
            } else if (!value.equals(NOTHING)) {
                assertThat(property.path("defaultValue").asString()).isEqualTo(String.valueOf(value));
            }
        });
    }

    @Test
    void noKeyIsToldThatIsNotThere() {
        assertThat(properties().keySet())
                .filteredOn(key -> key.startsWith("segue."))
                .filteredOn(key -> !key.equals(WritePlans.PROPERTY) && !key.equals("segue.changes"))
                .isSubsetOf(KEYS.keySet());
    }

    @Test
    void phasesCanBeCompleted() {
        assertThat(StreamSupport.stream(METADATA.path("hints").spliterator(), false)
                        .filter(hint -> hint.path("name").asString().equals("segue.changes.*.phase"))
                        .flatMap(
                                hint -> StreamSupport.stream(hint.path("values").spliterator(), false))
                        .map(value -> value.path("value").asString()))
                .containsExactlyElementsOf(
                        Arrays.stream(Phase.values()).map(Phase::id).toList());
    }

    @Test
    void theGuideHasARowForEachKey() throws IOException {
        String guide = Files.readString(Path.of("..", "docs", "configuration.md"));

        assertThat(properties().values())
                .filteredOn(property -> property.path("name").asString().startsWith("segue.")
                        && !property.path("name").asString().equals("segue.changes"))
                .allSatisfy(property -> assertThat(guide).contains(row(property)));
    }

    private static String row(JsonNode property) {
        String value = property.path("defaultValue").asString();
        return "| `%s` | %s | %s |"
                .formatted(
                        property.path("name").asString().replace("*", "<id>"),
                        value.isEmpty() || value.equals("[]") ? "" : "`" + value + "`",
                        property.path("description").asString());
    }

    private static void collect(String prefix, Object bean) {
        try {
            for (PropertyDescriptor property :
                    Introspector.getBeanInfo(bean.getClass(), Object.class).getPropertyDescriptors()) {
                Object value = property.getReadMethod().invoke(bean);
                String key = prefix + "." + kebab(property.getName());
                if (property.getWriteMethod() != null) {
                    KEYS.put(key, value == null ? NOTHING : value);
                } else if (!(value instanceof Map)) {
                    collect(key, Objects.requireNonNull(value));
                }
            }
        } catch (IntrospectionException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kebab(String name) {
        return ConfigurationPropertyName.of(name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
                .toString();
    }

    private static Map<String, JsonNode> properties() {
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        METADATA.path("properties")
                .forEach(property -> properties.put(property.path("name").asString(), property));
        return properties;
    }

    private static JsonNode metadata() {
        Path file = Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json");
        try (InputStream json = Files.newInputStream(file)) {
            return JsonMapper.shared().readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
