/**
 * A mend of the driver (mongodb 7.8, which mongoose brings): what it writes to a socket that has ended, and has not said so
 * yet, waits for that socket to drain, which it never does. When all connections break at once, as with a server that is
 * started anew, that happens to the one it looks at the server with: this process would take the server for lost until it
 * is started anew itself. Here whoever waits is woken when the socket closes, and finds the error that the driver put there.
 */
import { createRequire } from 'node:module';

/** A connection of the driver, as far as it is known here. */
interface DriverConnection {
  readonly socket: { emit(event: 'drain'): boolean };
  onClose(): void;
}

const ofMongoose = createRequire(require.resolve('mongoose'));
let mended = false;

/** Once for this process, before its first connection. `tests/faults/mongo-drain` shows whether it still is needed. */
export function mendDrain(): void {
  if (mended) return;
  mended = true;
  const { Connection } = ofMongoose('mongodb/lib/cmap/connection') as {
    readonly Connection: { readonly prototype: DriverConnection };
  };
  const { onClose } = Connection.prototype;
  Connection.prototype.onClose = function (this: DriverConnection) {
    onClose.call(this);
    this.socket.emit('drain');
  };
}
