/** Dossiers with the answers a test names, as the app freezes them; and texts of documents as other programs read them. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AnswerValue } from '../../src/flow/types';
import type { Dossier } from '../../src/ports/dossier';

export const OFFICE = {
  name: 'Ủy ban nhân dân phường Cửa Nam, thành phố Hà Nội',
  place: 'phường Cửa Nam',
};

/** Per step its value, or value and what the citizen saw. */
export type Answers = Readonly<Record<string, string | number | readonly [AnswerValue, string]>>;

export function dossierOf(procedure: string, answers: Answers, demo = false): Dossier {
  return {
    id: 'd1',
    code: '7K3M9QRT2X4',
    sessionKey: 's1',
    conversation: 'c1',
    demo,
    procedure: { id: procedure, code: '1.0', name: procedure },
    people: { filer: null, applicant: { name: '' }, subject: { name: '' } },
    answers: Object.entries(answers).map(([step, given]) => {
      const [value, display] = typeof given === 'object' ? given : [given, String(given)];
      return {
        step,
        section: '',
        label: '',
        display,
        value,
        source: 'typed',
        by: 'citizen',
        rev: 1,
        flags: [],
      };
    }),
    extra: [],
    facts: [],
    parts: [],
    history: [],
    status: 1,
    // 6 March 2026 at 01:00 in Vietnam.
    createdAt: Date.UTC(2026, 2, 5, 18),
    retentionDays: 30,
    applied: [],
    acts: [],
    nextSeq: 1,
  };
}

export const BIRTH: Answers = {
  'opening.forWhom': ['other', 'Làm cho người khác'],
  relation: ['grandmother', 'Bà nội hoặc bà ngoại'],
  parents: ['married', 'Người Việt Nam, đã đăng ký kết hôn'],
  'child.name': 'Nguyễn Phước Quý Hồng Bảo Ngọc Thiên Kim Tôn Nữ Đặng Vương',
  'child.birth': ['2026-03-05', '05/03/2026'],
  'child.sex': ['female', 'Nữ'],
  'child.ethnicity': ['tay', 'Tày'],
  'child.birthPlace': 'Bệnh viện Phụ sản Hà Nội, phường Giảng Võ, thành phố Hà Nội',
  'child.hometown': ['father', 'Theo quê cha'],
  'applicant.name': 'Lò Thị Pằng',
  'applicant.nationalId': '001150012345',
  'mother.name': "H'Hen Niê",
  'mother.nationalId': [null, '(bỏ qua)'],
  'mother.birth': ['1998', 'năm 1998'],
  'mother.ethnicity': ['e-de', 'Ê-đê'],
  'mother.residence': [{}, 'thôn Đông, xã Ba Vì, thành phố Hà Nội'],
  'father.name': 'Nguyễn Phước Quý Khánh',
  'father.nationalId': '001095012345',
  marriageNumber: '45/2020',
  wantsCopies: [true, 'Có'],
  copies: 3,
};

export const SINGLE: Answers = {
  'opening.commune': [{}, 'Phường Cửa Nam, thành phố Hà Nội'],
  'opening.forWhom': ['other', 'Xin giúp người khác'],
  residence: ['permanent', 'Có'],
  purpose: ['property', 'Mua bán nhà đất'],
  'applicant.name': 'Nguyễn Thị Hường',
  'applicant.nationalId': '001165012345',
  relation: ['child', 'Con'],
  'subject.name': 'Trần Nguyễn Đức Vượng',
  'subject.nationalId': [null, '(bỏ qua)'],
  'subject.birth': ['1990-04-24', '24/04/1990'],
  'subject.sex': ['male', 'Nam'],
  status: ['divorced', 'Đã ly hôn'],
  divorceNumber: '45/2019/HNGĐ-ST',
  divorcedOn: ['2019-06', 'tháng 6 năm 2019'],
  'homes.i1.address': [{}, 'xã Hòa Phong, Đà Nẵng'],
  'homes.i1.from': ['2008', 'năm 2008'],
  'homes.i1.to': ['2015-09-30', '30/09/2015'],
  'homes.i2.address': [{}, 'phường Bến Thành, TP. Hồ Chí Minh'],
  'homes.i2.from': ['2015-10', 'tháng 10 năm 2015'],
  'homes.i2.to': ['2020', 'năm 2020'],
  copies: 12,
};

export const EXTRACT: Answers = {
  'opening.forWhom': ['self', 'Giấy của tôi'],
  record: ['birth', 'Giấy khai sinh'],
  'applicant.name': 'Y Moan Êñuôl',
  'applicant.nationalId': '001185012345',
  registeredAt: [null, '(bỏ qua)'],
  copies: 2,
};

const run = promisify(execFile);

/** A folder for one test's files. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'forms-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a PDF reader copies, in the order it was drawn. */
export const pdfText = (pdf: Buffer): Promise<string> =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'form.pdf'), pdf);
    const { stdout } = await run('pdftotext', ['-raw', join(folder, 'form.pdf'), '-']);
    return stdout;
  });

/** The first page as people see it: PNG at 80 dots an inch. */
export const pdfPicture = (pdf: Buffer): Promise<Buffer> =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, 'form.pdf'), pdf);
    await run('pdftoppm', [
      '-r',
      '80',
      '-png',
      '-f',
      '1',
      '-l',
      '1',
      '-singlefile',
      join(folder, 'form.pdf'),
      join(folder, 'page'),
    ]);
    return readFileSync(join(folder, 'page.png'));
  });

const SOFFICE = process.env['SOFFICE'] ?? '/usr/bin/soffice';
const present = existsSync(SOFFICE) || process.env['CI'] === 'true';
/** `describe` where there is a LibreOffice, or where one must be; else `describe.skip`. */
export const inOffice = present ? describe : describe.skip;
if (!present) console.warn(`DOCX tests skipped: no LibreOffice at ${SOFFICE} (set SOFFICE to its path)`);

/** Each DOCX as LibreOffice converts it. */
const converted = (files: readonly Buffer[], filter: string, ending: string): Promise<readonly Buffer[]> =>
  inFolder(async (folder) => {
    const paths = files.map((_, n) => join(folder, `f${n}.docx`));
    files.forEach((file, n) => writeFileSync(paths[n]!, file));
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const out = join(folder, 'out');
    await run(SOFFICE, [profile, '--headless', '--convert-to', filter, '--outdir', out, ...paths], {
      timeout: 120_000,
    });
    return paths.map((_, n) => readFileSync(join(out, `f${n}.${ending}`)));
  });

/** The text of each DOCX as LibreOffice opens it. */
export async function officeTexts(files: readonly Buffer[]): Promise<readonly string[]> {
  const texts = await converted(files, 'txt:Text (encoded):UTF8', 'txt');
  return texts.map((text) => text.toString('utf8').replace(/^\uFEFF/, ''));
}

/** A DOCX opened and saved by LibreOffice: what an officer's own file looks like. */
export async function savedByOffice(docx: Buffer): Promise<Buffer> {
  const [saved = Buffer.alloc(0)] = await converted([docx], 'docx', 'docx');
  return saved;
}
