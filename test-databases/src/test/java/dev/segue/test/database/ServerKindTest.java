package dev.segue.test.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerKindTest {

    private String before = "";

    @BeforeEach
    void keepProperty() {
        before = System.getProperty(ServerKind.PROPERTY, "auto");
    }

    @AfterEach
    void restoreProperty() {
        System.setProperty(ServerKind.PROPERTY, before);
    }

    @Test
    void isAutoUnlessToldOtherwise() {
        System.clearProperty(ServerKind.PROPERTY);

        assertThat(ServerKind.ofProperty()).isEqualTo(ServerKind.AUTO);
    }

    @Test
    void aMySqlOfOnesOwnIsNotTakenFromDocker() {
        String own = System.getProperty(MySqlDistribution.PROPERTY);
        System.setProperty(MySqlDistribution.PROPERTY, "/opt/mysql");
        try {
            System.clearProperty(ServerKind.PROPERTY);
            assertThat(ServerKind.of(Engine.MYSQL)).isEqualTo(ServerKind.EMBEDDED);
            assertThat(ServerKind.of(Engine.POSTGRESQL)).isEqualTo(ServerKind.AUTO);

            System.setProperty(ServerKind.PROPERTY, "docker");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ServerKind.of(Engine.MYSQL))
                    .withMessageContaining("segue.test.mysql");
        } finally {
            if (own == null) {
                System.clearProperty(MySqlDistribution.PROPERTY);
            } else {
                System.setProperty(MySqlDistribution.PROPERTY, own);
            }
        }
    }

    @Test
    void failsOnAnUnknownValueAndNamesTheChoices() {
        System.setProperty(ServerKind.PROPERTY, "podman");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseServers.start(Engine.MYSQL))
                .withMessage(
                        "System property segue.test.databases is 'podman', which is none of embedded, docker, auto");
    }
}
