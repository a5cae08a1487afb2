/**
 * The wire between the house and its reading process: two lengths (4 bytes each, big-endian), a JSON head, raw bytes.
 * Plain bytes over pipes rather than serialized objects: what comes back is from a process that read untrusted files.
 */

export interface Message {
  readonly head: unknown;
  readonly body: Buffer;
}

const LENGTHS = 8;

export function pack(head: unknown, body: Buffer): readonly [Buffer, Buffer] {
  const text = Buffer.from(JSON.stringify(head));
  const start = Buffer.alloc(LENGTHS + text.length);
  start.writeUInt32BE(text.length, 0);
  start.writeUInt32BE(body.length, 4);
  text.copy(start, LENGTHS);
  return [start, body];
}

/** Takes chunks as they come and hands over whole messages. @throws when one says it is longer than `max` bytes, or its head is no JSON. */
export function unpacker(max: number, take: (message: Message) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = LENGTHS;
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= need) {
      const all = Buffer.concat(chunks);
      need = wholeLength(all);
      if (need > max) throw new RangeError(`A message of ${need} bytes on the wire.`);
      if (have >= need) {
        take(messageIn(all.subarray(0, need)));
        have -= need;
        chunks = [all.subarray(need)];
        need = LENGTHS;
      } else chunks = [all];
    }
  };
}

const wholeLength = (all: Buffer): number => LENGTHS + all.readUInt32BE(0) + all.readUInt32BE(4);

function messageIn(whole: Buffer): Message {
  const from = LENGTHS + whole.readUInt32BE(0);
  return { head: JSON.parse(whole.toString('utf8', LENGTHS, from)) as unknown, body: whole.subarray(from) };
}
