package dev.segue.test.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line to a server on this machine that can be slow or broken. Safe for use by several threads.
 *
 * <p>It passes bytes on as they are and knows no protocol.
 */
public final class TcpProxy implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TcpProxy.class);

    private volatile int target;
    private final ServerSocket entrance;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private Duration delay = Duration.ZERO;
    private boolean cut;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("accept", this::accept);
    }

    /**
     * Opens a line to that port of this machine.
     *
     * @throws UncheckedIOException if no port is free
     */
    public static TcpProxy to(int port) {
        try {
            return new TcpProxy(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the line begins. */
    public int port() {
        return entrance.getLocalPort();
    }

    /** From now on, new connections lead to that port. Those that are open stay where they are. */
    public void leadTo(int port) {
        target = port;
    }

    /** From now on, whatever the server sends takes so long to arrive; zero is no delay. */
    public void delay(Duration each) {
        synchronized (change) {
            delay = each;
            change.notifyAll();
        }
    }

    /** Breaks every connection, and each new one at once, until {@link #restore}. */
    public void cut() {
        synchronized (change) {
            cut = true;
            change.notifyAll();
        }
        open.forEach(TcpProxy::close);
    }

    /** Lets new connections through again. */
    public void restore() {
        synchronized (change) {
            cut = false;
        }
    }

    @Override
    public void close() {
        cut();
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                join(entrance.accept());
            } catch (IOException e) {
                log.debug("No connection was made: {}", e.getMessage());
            }
        }
    }

    private void join(Socket client) throws IOException {
        if (isCut()) {
            client.close();
            return;
        }
        Socket server;
        try {
            server = new Socket(InetAddress.getLoopbackAddress(), target);
        } catch (IOException e) {
            // As the caller would see it without this line: nobody is there.
            client.close();
            throw e;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        thread("to server", () -> pass(client, server, false));
        thread("to client", () -> pass(server, client, true));
    }

    private boolean isCut() {
        synchronized (change) {
            return cut;
        }
    }

    private void pass(Socket from, Socket to, boolean delayed) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            int length = in.read(buffer);
            while (length >= 0) {
                if (delayed) {
                    hold();
                }
                out.write(buffer, 0, length);
                out.flush();
                length = in.read(buffer);
            }
        } catch (IOException e) {
            log.debug("A connection has ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    /** Waits for the delay, or for its end. */
    private void hold() throws InterruptedException {
        long began = System.nanoTime();
        synchronized (change) {
            long left = delay.toMillis();
            while (left > 0 && !cut) {
                change.wait(left);
                left = delay.toMillis() - (System.nanoTime() - began) / 1_000_000;
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("A connection could not be closed: {}", e.getMessage());
        }
    }

    private static void thread(String name, Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy " + name);
        thread.setDaemon(true);
        thread.start();
    }
}
