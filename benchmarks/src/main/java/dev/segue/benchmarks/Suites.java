package dev.segue.benchmarks;

import dev.segue.benchmarks.application.ApplicationSuite;
import dev.segue.benchmarks.backfill.BackfillSuite;
import dev.segue.benchmarks.live.LiveSuite;
import dev.segue.benchmarks.scale.ScaleSuite;
import dev.segue.benchmarks.startup.StartUpSuite;
import dev.segue.test.database.Engine;
import java.time.Duration;
import java.util.Locale;

/** All that is measured, in the order of the report. */
enum Suites {
    BACKFILL {
        @Override
        Suite open(Lines lines, Options options) {
            return new BackfillSuite(lines, options.rows(), options.quick());
        }
    },
    APPLICATION {
        @Override
        Suite open(Lines lines, Options options) {
            return new ApplicationSuite(lines, options.rows() / (options.quick() ? 50 : 1_600));
        }

        /** Collections, checkpoints and neighbours come in bursts: of many short turns the one in the middle has met none. */
        @Override
        int often() {
            return 24;
        }

        /** The compiler shares one core with all else, and what it has not come to yet costs some per cent. */
        @Override
        Duration warmUp() {
            return Duration.ofSeconds(8);
        }
    },
    LIVE {
        @Override
        Suite open(Lines lines, Options options) {
            return new LiveSuite(lines, options.rows() / 10, options.quick());
        }
    },
    STARTUP {
        @Override
        Suite open(Lines lines, Options options) {
            return new StartUpSuite(lines, options.quick());
        }

        /** One start differs from the next by more than what is looked for. */
        @Override
        int often() {
            return 2;
        }
    },
    SCALE {
        @Override
        Suite open(Lines lines, Options options) {
            return new ScaleSuite(lines, options.rows(), options.quick());
        }
    };

    /** What the ids of its lines begin with. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    Lines lines(Engine engine) {
        return new Lines(id(), engine);
    }

    /** How many times as often as those of others its experiments are done. */
    int often() {
        return 1;
    }

    /** How long each experiment is done, at least, before any counts. */
    Duration warmUp() {
        return Duration.ZERO;
    }

    /** Starts what its experiments stand on. */
    abstract Suite open(Lines lines, Options options);
}
