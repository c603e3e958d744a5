package dev.segue.fleet;

import java.time.Duration;
import java.util.List;

class InMemoryStoreTest extends StoreContract {

    private final InMemoryStore.Shared shared = new InMemoryStore.Shared();

    @Override
    ChangeStore<?> open(String node) {
        return shared.of(node, clock);
    }

    @Override
    void moveStoresClock(Duration by) {
        shared.pass(by);
    }

    @Override
    List<String> journal() {
        return shared.journal();
    }

    @Override
    int races() {
        return 1_000;
    }
}
