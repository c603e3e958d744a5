package dev.segue.sample;

import dev.segue.sample.fire.Fire;
import dev.segue.sample.shop.Shop;
import dev.segue.sample.show.Show;
import java.util.Arrays;

/**
 * With {@code node} as its first argument this is one node of the shop, a plain Spring Boot application. Without it, it
 * is the show: a database, three such nodes, traffic, and two columns that change under them. With {@code fire} it is the
 * same under kills, pauses and cuts.
 */
public final class SampleApp {

    private SampleApp() {}

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("node")) {
            if (Boolean.getBoolean(ParentWatch.PROPERTY)) {
                ParentWatch.start();
            }
            Shop.start(Arrays.copyOfRange(args, 1, args.length));
        } else if (args.length > 0 && args[0].equals("fire")) {
            System.exit(Fire.run(Arrays.copyOfRange(args, 1, args.length)));
        } else {
            System.exit(Show.run(args));
        }
    }
}
