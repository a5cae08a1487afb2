import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Starts the stand-in for MongoDB, in memory, on a spare loopback port (or the one given), prints "ready PORT", and ends
 * when its input ends, so that it never outlives the tests that started it.
 */
public final class StandIn {
  /** The oldest server the product supports; the library's own list of versions ends before it. */
  private static final MongoVersion OLDEST =
      new MongoVersion() {
        @Override
        public List<Integer> getVersionArray() {
          return List.of(4, 4, 0);
        }

        @Override
        public int getWireVersion() {
          return 9;
        }
      };

  public static void main(String[] arguments) throws IOException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    MongoServer server = new MongoServer(H2Backend.inMemory().version(OLDEST));
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    System.out.println("ready " + server.getLocalAddress().getPort());
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
