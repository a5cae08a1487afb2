/** All photos of a dossier as one file: a PDF to print, or a ZIP to keep. They are clean copies of ours already. */
import { PDFDocument, type PDFImage } from '@cantoo/pdf-lib';
import JSZip from 'jszip';
import type { StoredFile } from '../ports/files';

/** A4 in points, with a margin that every printer can print. */
const PAGE = { width: 595.28, height: 841.89, margin: 24 };

/** One page a photo, landscape photos on landscape pages; the pages of PDFs as they are. */
export async function photosAsPdf(files: readonly StoredFile[], title: string): Promise<Buffer> {
  const bundle = await PDFDocument.create();
  bundle.setTitle(title);
  bundle.setLanguage('vi');
  for (const { type, bytes } of files) {
    if (type === 'application/pdf') await addPages(bundle, bytes);
    else addPhoto(bundle, await bundle.embedJpg(bytes));
  }
  return Buffer.from(await bundle.save());
}

async function addPages(bundle: PDFDocument, bytes: Buffer): Promise<void> {
  const document = await PDFDocument.load(bytes);
  for (const page of await bundle.copyPages(document, document.getPageIndices())) bundle.addPage(page);
}

function addPhoto(bundle: PDFDocument, photo: PDFImage): void {
  const lies = photo.width > photo.height;
  const [width, height] = lies ? [PAGE.height, PAGE.width] : [PAGE.width, PAGE.height];
  const { width: w, height: h } = photo.scaleToFit(width - 2 * PAGE.margin, height - 2 * PAGE.margin);
  bundle.addPage([width, height]).drawImage(photo, {
    ...{ x: (width - w) / 2, y: (height - h) / 2, width: w, height: h },
  });
}

/** Stored, not squeezed: photos do not get smaller. Names are made equal to none before them. */
export function photosAsZip(files: readonly StoredFile[]): Promise<Buffer> {
  const zip = new JSZip();
  files.forEach(({ name, bytes }, index) => {
    zip.file(`${String(index + 1).padStart(2, '0')}-${name}`, bytes);
  });
  return zip.generateAsync({ type: 'nodebuffer', compression: 'STORE' });
}
