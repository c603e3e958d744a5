package dev.segue.spring;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/**
 * The project that a reader of a page makes of it, section by section.
 *
 * <ul>
 *   <li>{@code <!-- file: path -->} above a block of code: the block is that file now.
 *   <li>{@code <!-- add to: path -->}: the block stands at the end of the file, in place of what was added before; in a
 *       {@code pom.xml} it is one more dependency.
 *   <li>{@code <!-- delete: path -->} and {@code <!-- delete: what was added to path -->}.
 * </ul>
 *
 * <p>Nothing but these blocks gets into it.
 */
final class GuideProject {

    private static final Pattern STEP = Pattern.compile(
            "(?ms)^<!-- (file|add to|delete: what was added to|delete):? ([^\\s,]+)[^\\n]*-->$(?:\\n```\\w+\\n(.*?)^```$)?");

    private static final String JAVA = "src/main/java/";
    private static final String RESOURCES = "src/main/resources/";

    private final String page;
    private final Path home;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final Map<String, String> added = new HashMap<>();

    /** @param home a directory for what is built */
    GuideProject(Path page, Path home) throws IOException {
        this.page = Files.readString(page);
        this.home = home;
    }

    /** Does what the section of this heading says. */
    void follow(String heading) {
        int from = page.indexOf("\n## " + heading);
        if (from < 0) {
            throw new IllegalArgumentException("The page has no section " + heading);
        }
        int to = page.indexOf("\n## ", from + 1);
        Matcher step = STEP.matcher(page.substring(from, to < 0 ? page.length() : to));
        int steps = 0;
        while (step.find()) {
            take(step.group(1), step.group(2), step.group(3));
            steps++;
        }
        if (steps == 0) {
            throw new IllegalArgumentException("There is nothing to do in section " + heading);
        }
    }

    private void take(String what, String path, String block) {
        switch (what) {
            case "file" -> files.put(path, block);
            case "add to" -> {
                if (path.equals("pom.xml")) {
                    files.compute(path, (same, pom) -> pom.replace("</dependencies>", block + "</dependencies>"));
                } else {
                    added.put(path, block);
                }
            }
            case "delete" -> files.remove(path);
            default -> added.remove(path);
        }
    }

    /** The text of a file as it is now. */
    String file(String path) {
        return files.get(path) + added.getOrDefault(path, "");
    }

    /** Compiles it as it is now, and gives a loader of its classes and resources, on top of everything that the tests have. */
    URLClassLoader build() throws IOException {
        Path directory = Files.createTempDirectory(home, "build");
        List<String> command = new ArrayList<>(List.of(
                "-d", directory.toString(), "-parameters", "-proc:none", "-cp", System.getProperty("java.class.path")));
        for (String path : files.keySet()) {
            if (path.startsWith(JAVA)) {
                command.add(write(directory.resolve("sources"), path.substring(JAVA.length()), file(path))
                        .toString());
            } else if (path.startsWith(RESOURCES)) {
                write(directory, path.substring(RESOURCES.length()), file(path));
            }
        }
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new));
        if (failed != 0) {
            throw new IllegalStateException("The code of the guide does not compile.");
        }
        return new URLClassLoader(new URL[] {url(directory)}, GuideProject.class.getClassLoader());
    }

    private static Path write(Path directory, String path, String text) throws IOException {
        Path file = directory.resolve(path.replace("/", File.separator));
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static URL url(Path directory) throws MalformedURLException {
        return directory.toUri().toURL();
    }
}
