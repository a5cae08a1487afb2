/** How many bytes of uploads may be in memory at once, so that a crowd of big photos cannot fill it. */

/** Takes `bytes` of the room for an address; gives the function that returns them, or null when there is no room now. */
export type UploadRoom = (peer: string, bytes: number) => (() => void) | null;

/** One address has at most half: the other half stays open to everybody else. */
export function uploadRoom(size: number): UploadRoom {
  const byPeer = new Map<string, number>();
  let all = 0;
  return (peer, bytes) => {
    const mine = (byPeer.get(peer) ?? 0) + bytes;
    if (all + bytes > size || mine > size / 2) return null;
    all += bytes;
    byPeer.set(peer, mine);
    return () => {
      all -= bytes;
      const rest = (byPeer.get(peer) ?? 0) - bytes;
      if (rest > 0) byPeer.set(peer, rest);
      else byPeer.delete(peer);
    };
  };
}
