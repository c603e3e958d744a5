package dev.segue.test.network;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pooler before a PostgreSQL server that works like PgBouncer in transaction mode: each transaction of a client may be
 * served by another process of the server, in turn. Each client brings one of them with it, and leaves it there. Drivers
 * that name their prepared statements fail behind it; for JDBC say {@code prepareThreshold=0}.
 */
public final class TransactionPooler implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TransactionPooler.class);

    private static final int SSL = 80877103;
    private static final int GSS = 80877104;

    private record Line(Socket socket, DataInputStream in, DataOutputStream out) {

        static Line of(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return new Line(
                    socket,
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()));
        }
    }

    private static final class Message {

        private final int type;
        private final byte[] body;

        Message(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        static Message from(DataInputStream in) throws IOException {
            int type = in.readUnsignedByte();
            return new Message(type, in.readNBytes(in.readInt() - 4));
        }

        void to(DataOutputStream out) throws IOException {
            out.writeByte(type);
            out.writeInt(body.length + 4);
            out.write(body);
        }
    }

    private final int target;
    private final ServerSocket entrance;
    private final BlockingQueue<Line> idle = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TransactionPooler(int target) throws IOException {
        this.target = target;
        this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread(this::accept);
    }

    /**
     * Opens a pooler before the server at that port of this machine.
     *
     * @throws UncheckedIOException if no port is free
     */
    public static TransactionPooler to(int port) {
        try {
            return new TransactionPooler(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients connect. */
    public int port() {
        return entrance.getLocalPort();
    }

    @Override
    public void close() {
        try {
            entrance.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket client = entrance.accept();
                open.add(client);
                thread(() -> serve(client));
            } catch (IOException e) {
                log.debug("No connection was made: {}", e.getMessage());
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Line client = Line.of(socket);
            greet(client);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            Line server = null;
            Message next = Message.from(client.in());
            while (next.type != 'X') {
                next.to(new DataOutputStream(request));
                if (next.type == 'Q' || next.type == 'S') {
                    server = server == null ? idle.take() : server;
                    server.out().write(request.toByteArray());
                    request.reset();
                    if (answer(server, client) == 'I') {
                        idle.add(server);
                        server = null;
                    }
                }
                next = Message.from(client.in());
            }
        } catch (IOException e) {
            log.debug("A connection has ended: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the client log in by itself, into a process that it then shares. */
    private void greet(Line client) throws IOException {
        int length = client.in().readInt();
        int code = client.in().readInt();
        while (code == SSL || code == GSS) {
            client.out().writeByte('N');
            length = client.in().readInt();
            code = client.in().readInt();
        }
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(socket);
        Line server = Line.of(socket);
        server.out().writeInt(length);
        server.out().writeInt(code);
        server.out().write(client.in().readNBytes(length - 8));
        Message message = Message.from(server.in());
        while (message.type != 'Z') {
            message.to(client.out());
            if (message.type == 'R' && asks(message.body[3])) {
                Message.from(client.in()).to(server.out());
            }
            message = Message.from(server.in());
        }
        message.to(client.out());
        idle.add(server);
    }

    /** Whether a request for authentication waits for an answer: not when it has succeeded, nor SASL's last word. */
    private static boolean asks(int method) {
        return method != 0 && method != 12;
    }

    /** Passes the answer on, and tells in which state of a transaction the server is after it. */
    private static int answer(Line server, Line client) throws IOException {
        Message message = Message.from(server.in());
        while (message.type != 'Z') {
            message.to(client.out());
            message = Message.from(server.in());
        }
        message.to(client.out());
        client.out().flush();
        return message.body[0];
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "transaction-pooler");
        thread.setDaemon(true);
        thread.start();
    }
}
