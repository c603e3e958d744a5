package dev.segue.spring;

/**
 * The header by which the application's own protection against forged requests knows the page.
 *
 * @param name empty if there is no such protection
 * @param token its value
 */
record CsrfHeader(String name, String token) {

    static final CsrfHeader NONE = new CsrfHeader("", "");
}
