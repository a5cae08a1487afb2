/** An agency's own DOCX: what is let in, what is turned away, and how its cells agree with the form's. */
import { join } from 'node:path';
import JSZip from 'jszip';
import { AppError } from '../../src/errors';
import { checkOfficialDocx, fillDocx } from '../../src/documents/forms/docx';
import { DOCX_LIMITS } from '../../src/documents/forms/docx-safety';
import { docxTemplate } from '../../src/documents/forms/docx-template';
import { formsOf } from '../../src/documents/forms/form';
import { dossierOf, EXTRACT, inOffice, OFFICE, officeTexts, savedByOffice } from './form-dossier';

const form = formsOf(join(__dirname, '../..')).get('trich-luc-ho-tich')!;
const dossier = dossierOf('trich-luc-ho-tich', EXTRACT);
const MAIN = 'word/document.xml';
const RELS = 'word/_rels/document.xml.rels';

type Edit = (zip: JSZip) => unknown;

async function officialWith(...edits: readonly Edit[]): Promise<Buffer> {
  const zip = await JSZip.loadAsync(await docxTemplate(form));
  for (const edit of edits) await edit(zip);
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

const change =
  (name: string, from: string | RegExp, to: string): Edit =>
  async (zip) => {
    const xml = await zip.file(name)!.async('string');
    const changed = xml.replace(from, to);
    expect(changed).not.toBe(xml);
    zip.file(name, changed);
  };
const inBody = (xml: string): Edit => change(MAIN, '<w:body>', `<w:body>${xml}`);
const relation = (type: string, rest: string): Edit =>
  change(
    RELS,
    '</Relationships>',
    `<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" ${rest}/></Relationships>`,
  );
const put =
  (name: string, content: string | Buffer): Edit =>
  (zip) =>
    zip.file(name, content);
const run = (text: string): string => `<w:r><w:t>${text}</w:t></w:r>`;
const textOf = async (docx: Buffer): Promise<string> =>
  (await (await JSZip.loadAsync(docx)).file(MAIN)!.async('string'))
    .replace(/<\/w:p>/g, '\n')
    .replace(/<[^>]+>/g, '');

async function whyRefused(bytes: Buffer): Promise<unknown> {
  const error: unknown = await checkOfficialDocx(form, bytes).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) return 'let in';
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('file-refused');
  return (error as AppError).details['why'];
}

describe('cells', () => {
  it('match when the file is the form itself', async () => {
    const match = await checkOfficialDocx(form, await officialWith());
    expect(match).toMatchObject({ missing: [], unknown: [] });
    expect(match.matched).toContain('applicant.name');
  });

  it('that do not match are listed both ways', async () => {
    const bytes = await officialWith(
      change(MAIN, '{registered.book}', '……'),
      inBody(`<w:p>${run('{applicant.nane}')}</w:p>`),
    );
    const { missing, unknown } = await checkOfficialDocx(form, bytes);
    expect([missing, unknown]).toEqual([['registered.book'], ['applicant.nane']]);
  });

  it('are filled where they stand, also when cut into runs; unknown ones stay blank', async () => {
    const cut = `<w:p>${run('Tên: {appli')}${run('cant.na')}${run('me} / {nobody.knows}')}</w:p>`;
    const text = await textOf(await fillDocx(form, dossier, OFFICE, await officialWith(inBody(cut))));
    expect(text).toContain('Tên: Y MOAN ÊÑUÔL / …');
    expect(text).not.toMatch(/[{}]/);
  });

  it('hold words only: signs of XML and of templates stay what they are', async () => {
    const odd = dossierOf('trich-luc-ho-tich', { ...EXTRACT, 'applicant.name': `<w:p/> & "{agency}" {#x}` });
    const xml = await (await JSZip.loadAsync(await fillDocx(form, odd, OFFICE))).file(MAIN)!.async('string');
    expect(xml).toContain('&lt;W:P/&gt; &amp; ');
    expect(xml).toContain('{AGENCY}');
  });

  it('say THỬ above an official file of a demo dossier', async () => {
    const demo = { ...dossier, demo: true };
    expect(await textOf(await fillDocx(form, demo, OFFICE, await officialWith()))).toMatch(
      /^(<\?.*\?>)?\s*THỬ/,
    );
  });
});

inOffice('a file saved by LibreOffice', () => {
  it('is let in, and filled so that it opens again', async () => {
    const saved = await savedByOffice(await officialWith());
    expect(await checkOfficialDocx(form, saved)).toMatchObject({ missing: [], unknown: [] });
    const [text = ''] = await officeTexts([await fillDocx(form, dossier, OFFICE, saved)]);
    expect(text).toContain('Họ, chữ đệm, tên người yêu cầu: Y MOAN ÊÑUÔL');
  }, 120_000);
});

describe('turned away', () => {
  const field = (parts: readonly string[]): string =>
    `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>${parts
      .map((part) => `<w:r><w:instrText>${part}</w:instrText></w:r>`)
      .join('')}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`;

  it.each<[string, string, readonly Edit[]]>([
    ['a macro', 'macros', [put('word/vbaProject.bin', 'x')]],
    [
      'a macro type',
      'macros',
      [change('[Content_Types].xml', 'wordprocessingml.document.main', 'ms-word.document.macroEnabled.main')],
    ],
    [
      'a linked template',
      'external',
      [relation('attachedTemplate', 'Target="http://x/y.dotm" TargetMode="External"')],
    ],
    ['a linked picture', 'external', [relation('image', 'Target="http://x/y.png" TargetMode="External"')]],
    ['a hidden External', 'external', [relation('image', 'Target="http://x" TargetMode="Ex&#116;ernal"')]],
    [
      'an OLE object',
      'embedded',
      [put('word/embeddings/oleObject1.bin', 'x'), relation('oleObject', 'Target="x"')],
    ],
    ['an object in the text', 'embedded', [inBody('<w:p><w:r><w:object/></w:r></w:p>')]],
    ['another document in it', 'embedded', [relation('aFChunk', 'Target="chunk.html"')]],
    ['HTML in it', 'embedded', [put('word/chunk.html', '<script>1</script>')]],
    ['ActiveX', 'embedded', [relation('control', 'Target="activeX1.xml"')]],
    ['DDE', 'field', [inBody(field(['DDEAUTO c:\\\\x "y"']))]],
    ['DDE cut into runs', 'field', [inBody(field([' D', 'DE', 'AUTO x']))]],
    [
      'a simple field that includes',
      'field',
      [inBody('<w:p><w:fldSimple w:instr="INCLUDETEXT http://x"/></w:p>')],
    ],
    ['a link field', 'field', [inBody(field(['HYPERLINK "http://x"']))]],
    ['a DTD', 'doctype', [change(MAIN, '<w:document', '<!DOCTYPE x [<!ENTITY a "b">]><w:document')]],
    [
      'another encoding',
      'not-docx',
      [async (zip) => zip.file(MAIN, Buffer.from(await zip.file(MAIN)!.async('string'), 'utf16le'))],
    ],
    ['a file of another sort', 'not-docx', [put('run.exe', 'MZ')]],
    ['no document', 'not-docx', [(zip) => zip.remove(MAIN)]],
    ['a loop', 'tags', [inBody(`<w:p>${run('{#agency}x{/agency}')}</w:p>`)]],
    ['an open cell', 'tags', [inBody(`<w:p>${run('{agency')}</w:p>`)]],
    ['too many parts', 'too-much', Array.from({ length: 250 }, (_, n) => put(`word/media/i${n}.png`, 'x'))],
    ['a bomb of text', 'too-much', [put('word/comments.xml', Buffer.alloc(40 * 1024 * 1024, 0x20))]],
    ['a bomb of pictures', 'too-much', [put('word/media/a.png', Buffer.alloc(64 * 1024 * 1024))]],
    ['thousands of cells', 'too-much', [inBody(`<w:p>${run('{agency}')}</w:p>`.repeat(5000))]],
    [
      'megabytes of XML in parts',
      'too-much',
      Array.from({ length: 7 }, (_, n) => put(`word/header${n + 5}.xml`, Buffer.alloc(390_000, 0x20))),
    ],
    ['deep nesting', 'tags', [inBody('<w:sdt>'.repeat(300) + '</w:sdt>'.repeat(300))]],
  ])('%s (%s)', async (_, why, edits) => {
    expect(await whyRefused(await officialWith(...edits))).toBe(why);
  });

  it.each<[string, string, Buffer]>([
    ['nothing', 'not-docx', Buffer.alloc(0)],
    ['text', 'not-docx', Buffer.from('hello')],
    ['half a ZIP', 'not-docx', Buffer.from('PK\u0003\u0004half')],
    ['too many bytes', 'too-big', Buffer.alloc(DOCX_LIMITS.bytes + 1, 0x50)],
  ])('%s (%s)', async (_, why, bytes) => expect(await whyRefused(bytes)).toBe(why));

  it('also when it is to be filled', async () => {
    const bytes = await officialWith(relation('attachedTemplate', 'Target="http://x" TargetMode="External"'));
    await expect(fillDocx(form, dossier, OFFICE, bytes)).rejects.toMatchObject({ code: 'file-refused' });
  });
});
