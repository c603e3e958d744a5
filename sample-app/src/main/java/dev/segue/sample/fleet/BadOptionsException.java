package dev.segue.sample.fleet;

import java.util.List;

/** The options make no sense; the message has a line for each mistake. */
public final class BadOptionsException extends RuntimeException {

    public BadOptionsException(List<String> mistakes) {
        super(String.join(System.lineSeparator(), mistakes));
    }
}
