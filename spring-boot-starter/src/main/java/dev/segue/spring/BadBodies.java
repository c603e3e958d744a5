package dev.segue.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.handler.MappedInterceptor;

/** Says what is wrong with a body that the endpoint cannot read; whatever else goes wrong is not for it to say. */
final class BadBodies implements HandlerExceptionResolver, Ordered {

    private final MappedInterceptor paths;

    /** @param paths knows which requests are the endpoint's */
    BadBodies(MappedInterceptor paths) {
        this.paths = paths;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, @Nullable Object handler, Exception failure) {
        boolean unreadable = failure instanceof HttpMessageNotReadableException;
        boolean noJson = failure instanceof HttpMediaTypeNotSupportedException || failure instanceof MultipartException;
        if ((!unreadable && !noJson) || !paths.matches(request)) {
            return null;
        }
        try {
            WriteGuard.refuse(
                    response,
                    unreadable ? HttpStatus.BAD_REQUEST : HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    unreadable ? "The body is no JSON object of texts." : "The body is said not to be JSON.",
                    "Send an object with an action, as application/json. Nothing has been changed.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }
}
