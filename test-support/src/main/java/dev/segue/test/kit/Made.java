package dev.segue.test.kit;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Values for a {@link ConversionTrial}: first the ones that break things, then random ones by a seed. */
public final class Made {

    private static final List<String> AWKWARD = List.of(
            "", " ", "a", " a", "a ", "a b", "a  b", "a b c", "'", "\"", "\\", "%", "_", ",", ", ", "a, b", ":x", "?",
            "{old}", "Ä", "ß", "é", "e\u0301", "日本", "😀", "NULL", "0", "\t", "a\nb");

    private static final String LETTERS = "abcXYZ 0129,.;-'äß日\\%_";

    private Made() {}

    /**
     * Texts.
     *
     * @param longest in characters
     */
    public static Stream<String> texts(long seed, int count, int longest) {
        Random random = new Random(seed);
        return Stream.concat(
                AWKWARD.stream().filter(text -> text.length() <= longest),
                Stream.generate(() -> text(random, random.nextInt(longest + 1))).limit(count));
    }

    /** Decimals that fit a {@code numeric(precision,scale)}, each with that scale. */
    public static Stream<BigDecimal> decimals(long seed, int count, int precision, int scale) {
        Random random = new Random(seed);
        BigInteger most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
        return Stream.concat(
                        Stream.of(BigInteger.ZERO, BigInteger.ONE, BigInteger.ONE.negate(), most, most.negate()),
                        Stream.generate(() -> new BigInteger(most.bitLength(), random)
                                        .mod(most)
                                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)))
                                .limit(count))
                .map(unscaled -> new BigDecimal(unscaled, scale));
    }

    private static String text(Random random, int length) {
        return random.ints(length, 0, LETTERS.length())
                .mapToObj(i -> String.valueOf(LETTERS.charAt(i)))
                .collect(Collectors.joining());
    }
}
