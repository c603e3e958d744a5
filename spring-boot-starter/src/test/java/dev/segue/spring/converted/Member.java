package dev.segue.spring.converted;

import dev.segue.change.Conversion;
import dev.segue.change.SqlForm;
import dev.segue.database.Database;
import dev.segue.hibernate.Introduces;
import dev.segue.hibernate.Replaces;
import dev.segue.hibernate.Retires;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A level comes, at first told by the country, a fax number goes, and a name becomes two. */
@Entity
public class Member {

    @Id
    public long id;

    public @Nullable String country;

    @Column(name = "level", nullable = false)
    @Introduces(change = "level", from = "country", initial = LevelOfCountry.class)
    public @Nullable Integer level;

    @Column(name = "fax", nullable = false)
    @Retires(change = "fax")
    public @Nullable String fax;

    @Embedded
    @Replaces(change = "names", column = "display_name", conversion = Names.class)
    public @Nullable FullName name;

    public Member() {}

    public Member(long id, String country) {
        this.id = id;
        this.country = country;
        this.level = new LevelOfCountry().toNew(country);
        this.fax = "fax " + id;
        this.name = new FullName("Member", "No" + id);
    }

    @Embeddable
    public record FullName(
            @Column(name = "first_name", length = 40) String first,
            @Column(name = "last_name", length = 40) String last) {}

    public static class Names implements Conversion<String, FullName> {

        @Override
        @SuppressWarnings("NullAway")
        public FullName toNew(@Nullable String old) {
            if (old == null) {
                return null;
            }
            int space = old.indexOf(' ');
            return new FullName(old.substring(0, space), old.substring(space + 1));
        }

        @Override
        @SuppressWarnings("NullAway")
        public String toOld(@Nullable FullName name) {
            return name == null ? null : name.first() + " " + name.last();
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            return Optional.of(
                    database == Database.POSTGRESQL
                            ? new SqlForm(
                                    List.of("split_part({old}, ' ', 1)", "substr({old}, strpos({old}, ' ') + 1)"),
                                    List.of("{first_name} || ' ' || {last_name}"))
                            : new SqlForm(
                                    List.of("substring_index({old}, ' ', 1)", "substr({old}, locate(' ', {old}) + 1)"),
                                    List.of("concat({first_name}, ' ', {last_name})")));
        }
    }

    public static class LevelOfCountry implements Conversion<String, Integer> {

        @Override
        public Integer toNew(@Nullable String country) {
            return "DE".equals(country) ? 1 : 2;
        }

        @Override
        public String toOld(Integer level) {
            throw new UnsupportedOperationException("A country does not come from a level.");
        }

        @Override
        public Optional<SqlForm> sql(Database database) {
            // MySQL finds 'de' equal too unless it compares bytes.
            String country = database == Database.MYSQL ? "cast({country} as binary)" : "{country}";
            return Optional.of(SqlForm.of("case when " + country + " = 'DE' then 1 else 2 end", "NULL"));
        }
    }
}
