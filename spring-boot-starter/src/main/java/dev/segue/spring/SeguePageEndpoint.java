package dev.segue.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.util.MimeType;

/**
 * The page on which people see and steer the changes: {@code GET /actuator/seguepage}. It shows what {@link SegueEndpoint}
 * says, and its buttons are that endpoint's actions. All its links are relative, so that it works under any context path, base
 * path and proxy.
 */
@WebEndpoint(id = SeguePageEndpoint.ID, defaultAccess = Access.READ_ONLY)
public class SeguePageEndpoint {

    static final String ID = "seguepage";

    private static final MimeType HTML = new MimeType("text", "html", StandardCharsets.UTF_8);
    private static final Map<String, MimeType> FILES = Map.of(
            "segue.css", new MimeType("text", "css", StandardCharsets.UTF_8),
            "page.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "lane.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "track.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "actions.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "plot.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "statements.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "dom.js", new MimeType("text", "javascript", StandardCharsets.UTF_8),
            "segue.svg", new MimeType("image", "svg+xml"));

    private final PageLinks links;
    private final Supplier<CsrfHeader> csrf;

    /** @param csrf what a write of this caller must carry, asked while its request for the page is being answered */
    SeguePageEndpoint(PageLinks links, Supplier<CsrfHeader> csrf) {
        this.links = links;
        this.csrf = csrf;
    }

    /** The page itself. */
    @ReadOperation(produces = "text/html")
    public WebEndpointResponse<String> page() {
        CsrfHeader header = csrf.get();
        String page = text("page.html")
                .replace("{files}", escaped(links.files()))
                .replace("{endpoint}", escaped(links.endpoint()))
                .replace("{csrf-header}", escaped(header.name()))
                .replace("{csrf-token}", escaped(header.token()));
        return new WebEndpointResponse<>(page, HTML);
    }

    /** One of its files, or nothing (404). */
    @ReadOperation(produces = {"text/css", "text/javascript", "image/svg+xml"})
    public @Nullable WebEndpointResponse<Resource> file(@Selector String file) {
        MimeType type = FILES.get(file);
        return type == null ? null : new WebEndpointResponse<>(resource(file), type);
    }

    private static Resource resource(String file) {
        return new ClassPathResource("page/" + file, SeguePageEndpoint.class);
    }

    private static String text(String file) {
        try {
            return resource(file).getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("The starter's jar is damaged: " + file + " is missing", e);
        }
    }

    private static String escaped(String value) {
        return org.springframework.web.util.HtmlUtils.htmlEscape(value);
    }
}
