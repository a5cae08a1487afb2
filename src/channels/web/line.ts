/** One line of the talk as the page takes it. */
import { toString } from 'qrcode';
import type { TalkLine } from '../../ports/channel';

/** A server-sent event: its id is the line's `seq`, its data one JSON object. */
export async function lineEvent(line: TalkLine): Promise<string> {
  const { seq, at, side, text, buttons, links, qr } = line;
  const image = qr === undefined ? undefined : await qrImage(qr);
  return `id: ${seq}\nevent: line\ndata: ${JSON.stringify({ seq, at, side, text, buttons, links, qr: image })}\n\n`;
}

/** Drawn here, so that no link of a citizen travels in the address of an image. */
async function qrImage(content: string): Promise<string> {
  const svg = await toString(content, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
