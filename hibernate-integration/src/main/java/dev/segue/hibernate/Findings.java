package dev.segue.hibernate;

import dev.segue.change.Declaration;
import dev.segue.change.Problem;
import java.util.ArrayList;
import java.util.List;

/** What a look at the mappings has brought up. Used by one thread. */
final class Findings {

    private final List<Declaration> declarations = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    void declare(Declaration declaration) {
        declarations.add(declaration);
    }

    void refuse(String where, String value, String message, String remedy) {
        problems.add(new Problem(where, value, message, remedy));
    }

    List<Declaration> declarations() {
        return List.copyOf(declarations);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }
}
