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
    void failsOnAnUnknownValueAndNamesTheChoices() {
        System.setProperty(ServerKind.PROPERTY, "podman");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseServers.start(Engine.MYSQL))
                .withMessage(
                        "System property segue.test.databases is 'podman', which is none of embedded, docker, auto");
    }
}
