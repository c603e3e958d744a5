package dev.segue.fleet;

import java.util.List;

class InMemoryStoreTest extends StoreContract {

    private final InMemoryStore.Shared shared = new InMemoryStore.Shared();

    @Override
    ChangeStore<?> store(String node) {
        return shared.of(node);
    }

    @Override
    void endLease(String node) {
        shared.pass(LEASE.plusMillis(1));
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
