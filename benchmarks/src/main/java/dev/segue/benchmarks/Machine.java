package dev.segue.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What it was measured on, since absolute times say nothing without it. */
record Machine(int processors, long memoryMiB, String vm, String system) {

    static Machine here() {
        long bytes = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                bytes >> 20,
                Runtime.version().toString(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    @Override
    public String toString() {
        return processors + " cores, " + memoryMiB / 1024 + " GiB, Java " + vm + ", " + system;
    }
}
