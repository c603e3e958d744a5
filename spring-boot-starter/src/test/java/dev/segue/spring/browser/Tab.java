package dev.segue.spring.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** One page in a browser, as a person has it: looked at, clicked, typed into. For one thread. */
public final class Tab {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Wire wire;
    private final String session;
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    Tab(Wire wire, String session, int width, int height) {
        this.wire = wire;
        this.session = session;
        wire.listen(this::heard);
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            ask(domain + ".enable", Map.of());
        }
        size(width, height);
    }

    private JsonNode ask(String method, Map<String, ?> parameters) {
        return wire.ask(session, method, parameters);
    }

    private void heard(JsonNode event) {
        if (!session.equals(event.path("sessionId").asString(""))) {
            return;
        }
        JsonNode said = event.path("params");
        switch (event.path("method").asString("")) {
            case "Runtime.exceptionThrown" ->
                errors.add(said.path("exceptionDetails").toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning").contains(said.path("type").asString(""))) {
                    errors.add(said.path("args").toString());
                }
            }
            case "Log.entryAdded" -> {
                if (List.of("error", "warning")
                        .contains(said.path("entry").path("level").asString(""))) {
                    errors.add(said.path("entry").toString());
                }
            }
            case "Network.loadingFinished" ->
                bytes.addAndGet((long) said.path("encodedDataLength").asDouble(0));
            default -> {
                // Not worth remembering.
            }
        }
    }

    public void size(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme {@code light} or {@code dark} */
    public void colours(String scheme) {
        ask(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Loads a page and waits until it has been loaded. */
    public void go(String url) {
        bytes.set(0);
        front();
        ask("Page.navigate", Map.of("url", url));
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** A tab behind another one is neither painted nor given keys. */
    private void front() {
        ask("Page.bringToFront", Map.of());
    }

    /** What an expression gives, as JSON. */
    public JsonNode ask(String expression) {
        JsonNode result =
                ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    public boolean is(String condition) {
        return ask("Boolean(" + condition + ")").asBoolean();
    }

    /** What people can read of an element, or nothing if it is not there or hidden. */
    public String text(String selector) {
        return ask("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asString("");
    }

    /** Waits until the condition holds. */
    public void await(String condition) {
        await(condition, PATIENCE);
    }

    /** @throws AssertionError if it does not hold in time, with what the page shows */
    public void await(String condition, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (!is(condition)) {
            if (System.nanoTime() > until) {
                throw new AssertionError("Not within " + patience.toSeconds() + " s: " + condition
                        + "\nThe page shows:\n" + text("body") + "\nErrors: " + errors);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            // Between two looks: there is nothing on this side to be woken by.
            Thread.sleep(25);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** Clicks with the mouse in the middle of an element. */
    public void click(String selector) {
        front();
        await("document.querySelector(" + quoted(selector) + ")");
        JsonNode at = atRest(selector);
        for (String type : List.of("mousePressed", "mouseReleased")) {
            ask(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.path("x").asDouble(),
                            "y",
                            at.path("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** The page lives: what comes in above moves what is below. */
    private JsonNode atRest(String selector) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        JsonNode at = whereItIs(selector);
        while (System.nanoTime() < until) {
            pause();
            JsonNode next = whereItIs(selector);
            if (next.equals(at) && next.path("free").asBoolean()) {
                return next;
            }
            at = next;
        }
        throw new AssertionError("It does not come to rest, or something lies over it: " + selector);
    }

    /** The middle of an element, and whether nothing lies over it. */
    private JsonNode whereItIs(String selector) {
        return ask("(() => { const e = document.querySelector(" + quoted(selector)
                + "); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect();"
                + " const x = r.x + r.width / 2, y = r.y + r.height / 2;"
                + " return {x, y, free: e.contains(document.elementFromPoint(x, y))}; })()");
    }

    /** Types a key that has a name: {@code Tab}, {@code Enter}, {@code Escape}. */
    public void press(String key) {
        Map<String, Object> codes = Map.of("Tab", 9, "Enter", 13, "Escape", 27);
        for (String type : List.of("keyDown", "keyUp")) {
            ask(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type", type,
                            "key", key,
                            "code", key,
                            "text", key.equals("Enter") && type.equals("keyDown") ? "\r" : "",
                            "windowsVirtualKeyCode", codes.getOrDefault(key, 0)));
        }
    }

    /** Types text into what has the focus. */
    public void type(String text) {
        ask("Input.insertText", Map.of("text", text));
    }

    /** What can be operated and has no name for those who do not see it. */
    public List<String> unnamed() {
        List<String> unnamed = new ArrayList<>();
        List<String> operable = List.of("button", "link", "textbox", "meter", "progressbar", "DisclosureTriangle");
        ask("Accessibility.enable", Map.of());
        for (JsonNode node : ask("Accessibility.getFullAXTree", Map.of()).path("nodes")) {
            String role = node.path("role").path("value").asString("");
            if (!node.path("ignored").asBoolean()
                    && operable.contains(role)
                    && node.path("name").path("value").asString("").isBlank()) {
                unnamed.add(role + " " + node.path("properties"));
            }
        }
        return unnamed;
    }

    /** What the console has complained about so far. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** Bytes that have come over the network since the page was asked for. */
    public long bytes() {
        return bytes.get();
    }

    /** Takes a picture of the whole page, down to its end. */
    public void picture(Path file) throws IOException {
        front();
        Files.createDirectories(file.getParent());
        JsonNode size = ask("Page.getLayoutMetrics", Map.of()).path("cssContentSize");
        Map<String, Object> all = Map.of(
                "x", 0,
                "y", 0,
                "width", size.path("width").asDouble(),
                "height", size.path("height").asDouble(),
                "scale", 1);
        JsonNode picture =
                ask("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", all));
        Files.write(file, Base64.getDecoder().decode(picture.path("data").asString()));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
