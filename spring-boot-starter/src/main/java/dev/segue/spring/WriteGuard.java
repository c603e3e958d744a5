package dev.segue.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Looks at what wants to write before its body is read.
 *
 * <ul>
 *   <li>A page of somebody else's must not act in the name of an operator who has it open: a browser must say that the
 *       request comes from the very origin. Where it does not say ({@code http} to another host), a header is asked for that a
 *       foreign page cannot set. Whoever is no browser sends neither and passes.
 *   <li>A body has a length, and is short.
 * </ul>
 *
 * That the body is JSON, which a foreign form cannot send either, is Spring Boot's to check.
 */
final class WriteGuard implements HandlerInterceptor {

    /** Any value will do: what counts is that a foreign page cannot set it without having asked. */
    static final String HEADER = "X-Segue";

    private static final int LONGEST_BODY = 16_384;

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (!HttpMethod.POST.matches(request.getMethod())) {
            return true;
        }
        if (isForeign(request)) {
            return refuse(
                    response,
                    HttpStatus.FORBIDDEN,
                    "This comes from a page of another origin.",
                    "Use the page of this application, or a client that is no browser.");
        }
        long length = request.getContentLengthLong();
        if (length < 0) {
            return refuse(response, HttpStatus.LENGTH_REQUIRED, "The body has no length.", "Send a Content-Length.");
        }
        return length <= LONGEST_BODY
                || refuse(
                        response,
                        HttpStatus.CONTENT_TOO_LARGE,
                        "The body has " + length + " bytes.",
                        "Send at most " + LONGEST_BODY + "; an action needs a hundred.");
    }

    private static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null
                ? request.getHeader("Origin") != null && request.getHeader(HEADER) == null
                : !site.equals("same-origin");
    }

    /** @return false, which ends the request */
    static boolean refuse(HttpServletResponse response, HttpStatus status, String message, String remedy)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType("application/json");
        response.getOutputStream()
                .write("{\"message\": \"%s\", \"remedy\": \"%s\"}"
                        .formatted(message, remedy)
                        .getBytes(StandardCharsets.UTF_8));
        return false;
    }
}
