package dev.segue.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segue.change.Problem;
import dev.segue.fleet.NodeIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** All YAML of the guide is configuration that Segue takes as it stands: no key is unknown, no value refused. */
class GuideYamlTest {

    private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(.*?)^```");

    @Test
    void isTakenAsItStands() throws IOException {
        int blocks = 0;
        for (Path page : pages()) {
            for (String yaml : YAML.matcher(Files.readString(page))
                    .results()
                    .map(found -> found.group(1))
                    .toList()) {
                assertTaken(page, yaml);
                blocks++;
            }
        }

        assertThat(blocks).isGreaterThan(5);
    }

    private static void assertTaken(Path page, String yaml) throws IOException {
        // Dots stand for what is left to the reader.
        ByteArrayResource resource =
                new ByteArrayResource(yaml.replace(": ...", ": x").getBytes(StandardCharsets.UTF_8));
        List<PropertySource<?>> sources = new YamlPropertySourceLoader().load(page + ": " + yaml, resource);
        SegueProperties properties = new Binder(ConfigurationPropertySources.from(sources))
                .bind(
                        "segue",
                        Bindable.of(SegueProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .orElseGet(SegueProperties::new);
        List<Problem> problems = new ArrayList<>();
        new SettingsReader(properties, problems)
                .read(
                        new NodeIdentity("node", "shop", "1"),
                        properties.getChanges().keySet());

        assertThat(problems).as(page + ": " + yaml).isEmpty();
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> guide = Files.walk(Path.of("..", "docs"))) {
            return Stream.concat(Stream.of(Path.of("..", "README.md")), guide)
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
