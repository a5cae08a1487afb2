/** PDFs as people and attackers send them: pages are kept, everything that acts, asks or tells is not. */
import { PDFArray, PDFDict, PDFDocument, PDFName, PDFRawStream, PDFString, rgb } from '@cantoo/pdf-lib';
import { deflateSync } from 'node:zlib';
import { INTAKE, type IntakeResult } from '../../src/ports/intake';
import { closeAll, fileOf, open, PHONE_EXIF, sample, tracesIn, twoHalves, type Opened } from './samples';

let house: Opened;
beforeAll(() => {
  house = open();
});
afterAll(closeAll);

const take = (bytes: Uint8Array): Promise<IntakeResult> =>
  house.intake.take(Buffer.from(bytes), { pdf: true });

async function document(pages = 1): Promise<PDFDocument> {
  const doc = await PDFDocument.create();
  doc.setTitle('Của ông Nguyễn Văn A');
  doc.setAuthor('Nguyễn Văn B');
  for (let n = 1; n <= pages; n += 1)
    doc.addPage([300, 400]).drawRectangle({ x: 10 * n, y: 20, width: 50, height: 60, color: rgb(1, 0, 0) });
  return doc;
}

/** Every name and string of every object, and what streams say once they are unpacked. */
async function everythingIn(bytes: Uint8Array): Promise<string> {
  const doc = await PDFDocument.load(bytes, { updateMetadata: false });
  const objects = doc.context
    .enumerateIndirectObjects()
    .map(([, object]) =>
      object instanceof PDFRawStream
        ? `${object.dict.toString()} ${Buffer.from(object.contents).toString('latin1')}`
        : object.toString(),
    );
  return [
    ...objects,
    doc.context.trailerInfo.Info?.toString() ?? '',
    Buffer.from(bytes).toString('latin1'),
  ].join('\n');
}

/** What a stranger may put beside the pages, each with a word that would be seen. */
async function loaded(): Promise<Uint8Array> {
  const doc = await document(2);
  const { context } = doc;
  const script = (says: string) =>
    context.register(context.obj({ S: 'JavaScript', JS: PDFString.of(`app.alert("${says}")`) }));
  doc.addJavaScript('start', 'app.alert("named-script")');
  doc.catalog.set(PDFName.of('OpenAction'), script('open-action'));
  doc.catalog.set(PDFName.of('AA'), context.obj({ WC: script('catalog-action') }));
  await doc.attach(Buffer.from('MZ evil'), 'evil.exe', { mimeType: 'application/x-msdownload' });
  const [page] = doc.getPages();
  const field = doc.getForm().createTextField('form-field');
  field.addToPage(page!, { x: 10, y: 200 });
  page!.node.set(PDFName.of('AA'), context.obj({ O: script('page-action') }));
  page!.node.addAnnot(
    context.register(
      context.obj({
        Type: 'Annot',
        Subtype: 'Link',
        Rect: [0, 0, 9, 9],
        A: { S: 'URI', URI: PDFString.of('http://evil.example/') },
      }),
    ),
  );
  const xmp = (says: string) => context.register(context.stream(says, { Type: 'Metadata', Subtype: 'XML' }));
  page!.node.set(PDFName.of('Metadata'), xmp('page-xmp'));
  doc.catalog.set(PDFName.of('Metadata'), xmp('catalog-xmp'));
  page!.node.set(PDFName.of('PieceInfo'), context.obj({ Editor: { Private: PDFString.of('piece-info') } }));
  return doc.save({ useObjectStreams: false });
}

const UNWANTED = [
  '/JavaScript',
  '/JS',
  'app.alert',
  '/OpenAction',
  '/AA',
  '/Annot',
  '/URI',
  'evil',
  '/EmbeddedFile',
  '/AcroForm',
  '/Metadata',
  'page-xmp',
  'catalog-xmp',
  '/PieceInfo',
  'piece-info',
  '/Title',
  '/Author',
  '/Info',
];

describe('a PDF that is taken', () => {
  it('keeps its pages, sizes and what is drawn', async () => {
    const file = fileOf(await take(await (await document(3)).save()));
    expect(file).toMatchObject({ type: 'application/pdf', pages: 3, flags: [] });
    const clean = await PDFDocument.load(file.bytes);
    expect(clean.getPages().map((page) => page.getSize())).toEqual(
      Array(3).fill({ width: 300, height: 400 }),
    );
    for (const page of clean.getPages()) expect(page.node.Contents()).toBeInstanceOf(PDFArray);
  });

  it('leaves scripts, actions, links, forms, attachments and metadata behind', async () => {
    const dirty = await loaded();
    const before = await everythingIn(dirty);
    // Each word is really there, so that its absence afterwards says something.
    expect(UNWANTED.filter((word) => !before.includes(word))).toEqual([]);
    const file = fileOf(await take(dirty));
    expect(file.pages).toBe(2);
    const after = await everythingIn(file.bytes);
    expect(UNWANTED.filter((word) => after.includes(word))).toEqual([]);
  });

  it('says no more where its pictures were taken', async () => {
    const doc = await document();
    const photo = await twoHalves(64, 48).withExif(PHONE_EXIF).jpeg().toBuffer();
    expect(tracesIn(photo)).toContain('SamplePhone');
    doc.getPages()[0]!.drawImage(await doc.embedJpg(photo), { x: 0, y: 0 });
    const { bytes } = fileOf(await take(await doc.save()));
    const after = await everythingIn(bytes);
    expect([after.includes('/DCTDecode'), tracesIn(Buffer.from(after, 'latin1'))]).toEqual([true, []]);
  });

  it('does not fetch picture data from files outside it', async () => {
    const doc = await document();
    const stream = doc.context.stream('', {
      Type: 'XObject',
      Subtype: 'Form',
      F: PDFString.of('/etc/passwd'),
      FFilter: 'FlateDecode',
    });
    doc.getPages()[0]!.node.newXObject('X', doc.context.register(stream));
    const { bytes } = fileOf(await take(await doc.save()));
    expect((await everythingIn(bytes)).includes('passwd')).toBe(false);
  });

  it('loses what stands before and behind it', async () => {
    const pdf = await (await document()).save();
    const { bytes } = fileOf(
      await take(
        Buffer.concat([Buffer.from('<html><script>1</script>\n'), pdf, Buffer.from('PK\x03\x04 evil')]),
      ),
    );
    expect(bytes.toString('latin1', 0, 5)).toBe('%PDF-');
    expect(['<script', 'evil'].filter((word) => bytes.includes(word))).toEqual([]);
  });
});

describe('a PDF that is refused', () => {
  it.each([
    ['to be opened', { userPassword: 'secret', ownerPassword: 'owner' }],
    ['to be changed', { ownerPassword: 'owner' }],
  ])('for the password it needs %s', async (_, passwords) => {
    const doc = await document();
    doc.encrypt(passwords);
    expect(await take(await doc.save())).toEqual({ ok: false, problem: 'pdf-locked' });
    expect(await take(await doc.save({ useObjectStreams: false }))).toEqual({
      ok: false,
      problem: 'pdf-locked',
    });
  });

  it('for its pages, from the thirty-first on', async () => {
    expect(fileOf(await take(await (await document(INTAKE.pdfPages)).save())).pages).toBe(30);
    const refused = { ok: false, problem: 'too-many-pages', params: { max: 30, pages: 31 } };
    expect(await take(await (await document(INTAKE.pdfPages + 1)).save())).toEqual(refused);
  });

  it('for being no PDF behind its first bytes, or only half of one', async () => {
    const broken = { ok: false, problem: 'broken' };
    const photo = sample('54-megapixels.heic');
    expect(await take(Buffer.from('%PDF-1.7 and then words'))).toEqual(broken);
    expect(await take(Buffer.concat([Buffer.from('%PDF-1.7\n'), photo]))).toEqual(broken);
    const whole = await (await document(5)).save();
    expect(await take(whole.subarray(0, 300))).toEqual(broken);
  });

  it('for a page tree that bites its own tail', async () => {
    const doc = await document();
    const tree = doc.catalog.Pages();
    tree.set(PDFName.of('Kids'), doc.context.obj([doc.catalog.get(PDFName.of('Pages')) ?? 0]));
    const result = await take(await doc.save({ useObjectStreams: false }));
    expect(['broken', 'too-slow']).toContain(result.ok ? 'taken' : result.problem);
  });

  it('or loses what unpacks to hundreds of megabytes; the next one is read', async () => {
    const doc = await document();
    const zeros = deflateSync(Buffer.alloc(400 * 1024 * 1024), { level: 9 });
    const bomb = PDFRawStream.of(PDFDict.fromMapWithContext(new Map(), doc.context), deflateSync(zeros));
    bomb.dict.set(PDFName.of('Type'), PDFName.of('ObjStm'));
    bomb.dict.set(PDFName.of('N'), doc.context.obj(1));
    bomb.dict.set(PDFName.of('First'), doc.context.obj(4));
    bomb.dict.set(PDFName.of('Filter'), doc.context.obj(['FlateDecode', 'FlateDecode']));
    doc.context.register(bomb);
    const bytes = await doc.save({ useObjectStreams: false });
    expect(bytes.length).toBeLessThan(100_000);
    const result = await take(bytes);
    if (result.ok) expect(result.file.bytes.length).toBeLessThan(5_000);
    else expect(['broken', 'too-slow']).toContain(result.problem);
    expect(await take(await (await document()).save())).toMatchObject({ ok: true });
  });
});
