package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MySqlDistributionTest {

    @Test
    void aServerThatIsThereAlreadyGetsADataDirectoryOfItsOwn() throws IOException {
        MySqlDistribution unpacked = MySqlDistribution.unpacked();

        MySqlDistribution installed =
                MySqlDistribution.installed(unpacked.home().resolve("server"));

        assertThat(installed.home()).isNotEqualTo(unpacked.home());
        assertThat(installed.template().resolve("mysql.ibd")).isRegularFile();
        assertThat(installed.command(installed.template()).get(0))
                .startsWith(installed.home().toString());
    }

    @Test
    void aServerThatCannotMakeItsDataDirectoryIsLeftAsItIs(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("share"));
        Path program = Files.createDirectory(directory.resolve("bin")).resolve("mysqld");
        Files.writeString(program, "#!/bin/sh\ncase \"$*\" in *--version*) ;; *) exit 1 ;; esac\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        assertThatThrownBy(() -> MySqlDistribution.installed(directory)).hasMessageContaining("data directory");

        assertThat(program).isRegularFile();
        assertThat(directory.resolve("share")).isDirectory();
    }

    @Test
    void aDirectoryWithoutAServerIsRefused(@TempDir Path directory) throws IOException {
        Files.createDirectory(directory.resolve("share"));

        assertThatThrownBy(() -> MySqlDistribution.installed(directory))
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("-Dsegue.test.mysql");
    }
}
