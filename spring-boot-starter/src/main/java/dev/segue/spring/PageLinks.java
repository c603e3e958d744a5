package dev.segue.spring;

/**
 * Where the page finds its files and the endpoint, relative to itself. The paths are those under the base path of the
 * endpoints, as the configuration maps them; a browser resolves a link against everything before the last slash.
 *
 * @param page of the page: {@code seguepage}, or {@code ops/changes} where it is mapped so
 * @param target of the endpoint: {@code segue}
 */
record PageLinks(String page, String target) {

    String files() {
        return page.substring(page.lastIndexOf('/') + 1);
    }

    String endpoint() {
        long up = page.chars().filter(c -> c == '/').count();
        return "../".repeat((int) up) + target;
    }
}
