package dev.segue.spring;

import java.util.function.Supplier;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** The token that Spring Security has put into the request that is being answered. */
final class SpringSecurityCsrf implements Supplier<CsrfHeader> {

    @Override
    public CsrfHeader get() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        return request != null
                        && request.getAttribute(CsrfToken.class.getName(), RequestAttributes.SCOPE_REQUEST)
                                instanceof CsrfToken token
                ? new CsrfHeader(token.getHeaderName(), token.getToken())
                : CsrfHeader.NONE;
    }
}
