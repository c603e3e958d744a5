package dev.segue.sample.show;

import java.util.List;

/** The options make no sense; the message has a line for each mistake. */
final class BadOptionsException extends RuntimeException {

    BadOptionsException(List<String> mistakes) {
        super(String.join(System.lineSeparator(), mistakes));
    }
}
