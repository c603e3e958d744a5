package dev.segue.lifecycle;

/** Why a step may not be taken now: which clause, who or what stands in the way, and what would lift it. */
public sealed interface Held {

    Clause clause();

    /** The fact, naming nodes, applications and phases. */
    String message();

    /** What a person can do, or what will lift it by itself. */
    String remedy();

    /** A participant reads a side that the phase asked for does not write. */
    record ReadByOthers(Participant reader, Phase readerPhase, Phase wanted) implements Held {
        @Override
        public Clause clause() {
            return Clause.FLEET;
        }

        @Override
        public String message() {
            return "%s is in %s and reads %s, which %s does not write"
                    .formatted(reader, readerPhase.id(), readerPhase.reads(), wanted.id());
        }

        @Override
        public String remedy() {
            return "wait until %s has left %s, or move it".formatted(reader.node(), readerPhase.id());
        }
    }

    /** A participant does not write the side that the phase asked for reads. */
    record NotWrittenByOthers(Participant writer, Phase writerPhase, Phase wanted) implements Held {
        @Override
        public Clause clause() {
            return Clause.FLEET;
        }

        @Override
        public String message() {
            return "%s is in %s and does not write %s, which %s reads"
                    .formatted(writer, writerPhase.id(), wanted.reads(), wanted.id());
        }

        @Override
        public String remedy() {
            return "wait until %s has left %s, or move it".formatted(writer.node(), writerPhase.id());
        }
    }

    /** The side to be read is not proven. */
    record NotSealed(Side side) implements Held {
        @Override
        public Clause clause() {
            return Clause.TRUTH;
        }

        @Override
        public String message() {
            return side + " is not sealed: it is not proven that every row holds its current value there";
        }

        @Override
        public String remedy() {
            return "wait for the pass that seals " + side + "; it begins as soon as every node writes both sides";
        }
    }

    /** A column that the phase asked for names is not there, or is about to go. */
    record Missing(Side side, Stage stage, Progress progress) implements Held {
        @Override
        public Clause clause() {
            return Clause.SCHEMA;
        }

        @Override
        public String message() {
            return "the %s columns cannot be used: %s is %s".formatted(side, stage, progress.id());
        }

        @Override
        public String remedy() {
            return stage == Stage.CONTRACT
                    ? "none: the drop is final; use new-only"
                    : "wait for " + stage + "; if it does not begin, see the log for what it waits for";
        }
    }

    /** A column that the phase asked for does not write must not be left out of an INSERT. */
    record NotOmittable(Side side, Stage stage, Progress progress) implements Held {
        @Override
        public Clause clause() {
            return Clause.SCHEMA;
        }

        @Override
        public String message() {
            return "the %s columns may not be left out of an INSERT: %s is %s".formatted(side, stage, progress.id());
        }

        @Override
        public String remedy() {
            return stage == Stage.ENFORCE ? "wait until ENFORCE is reverted" : "wait for " + stage;
        }
    }

    /** The kind of change has no such phase. */
    record NoSuchPhase(Kind kind, Phase wanted) implements Held {
        @Override
        public Clause clause() {
            return Clause.SCHEMA;
        }

        @Override
        public String message() {
            return "a change that is to %s knows no %s: there are no new columns".formatted(kind.id(), wanted.id());
        }

        @Override
        public String remedy() {
            return "ask for old-only or new-only";
        }
    }

    /** NEW cannot be set freely yet: it follows the columns that it is computed from. */
    record NotFree(Progress progress) implements Held {
        @Override
        public Clause clause() {
            return Clause.SCHEMA;
        }

        @Override
        public String message() {
            return "NEW still follows the columns that it is computed from: RELAX is " + progress.id();
        }

        @Override
        public String remedy() {
            return "wait for RELAX";
        }
    }

    /** Unregistered writers are possible, and the guard does not yet do for them what the phase asked for needs. */
    record Unguarded(Side side, Guard guard) implements Held {
        @Override
        public Clause clause() {
            return Clause.SCHEMA;
        }

        @Override
        public String message() {
            String but = "and no guard keeps %s current for them".formatted(side);
            if (guard.form().isJava()) {
                but = guard.refuses() && side == Side.OLD
                        ? "and this database does not show the guard who gives OLD the value that it holds already"
                        : "and the guard is "
                                + (guard.mayRefuse()
                                        ? "refusing one-sided writes"
                                        : "not refusing one-sided writes yet");
            }
            return "writers outside the fleet are possible, " + but;
        }

        @Override
        public String remedy() {
            return "wait for the guard, or vouch as operator that nobody else writes the table";
        }
    }

    /** The step would be safe, but something that belongs before it has not been done. */
    record TooEarly(String wanted, String missing) implements Held {
        @Override
        public Clause clause() {
            return Clause.ORDER;
        }

        @Override
        public String message() {
            return wanted + " comes after " + missing;
        }

        @Override
        public String remedy() {
            return "wait for " + missing;
        }
    }

    /** A stage or seal needs all participants to be elsewhere. */
    record Occupied(String wanted, Participant participant, Phase phase) implements Held {
        @Override
        public Clause clause() {
            return Clause.STAGE;
        }

        @Override
        public String message() {
            return "%s waits for %s, which is in %s".formatted(wanted, participant, phase.id());
        }

        @Override
        public String remedy() {
            return "wait until %s has left %s, or move it".formatted(participant.node(), phase.id());
        }
    }

    /** A stage or seal needs another fact first. */
    record Lacks(String wanted, String missing, String remedy) implements Held {
        @Override
        public Clause clause() {
            return Clause.STAGE;
        }

        @Override
        public String message() {
            return wanted + " waits: " + missing;
        }
    }
}
