import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { checkCharacter, codeIn, lastFourIn, newCode, readCode } from '../../src/understand/dossier-code';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LETTERS = Array.from(ALPHABET);
const ten = fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 10, maxLength: 10 });
const whole = ten.map((text) => text + checkCharacter(text));

test('a new code reads back, and always has a digit', () => {
  for (let i = 0; i < 500; i++) {
    const code = newCode(randomBytes);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]$/);
    expect(code).toMatch(/\d.*-/);
    expect(readCode(code)).toBe(code);
  }
});

test('no single wrong character and no swap of two passes the check', () => {
  fc.assert(
    fc.property(whole, fc.nat(10), fc.constantFrom(...LETTERS), (code, at, other) => {
      fc.pre(code[at] !== other);
      expect(readCode(code.slice(0, at) + other + code.slice(at + 1))).toBeNull();
    }),
  );
  fc.assert(
    fc.property(whole, fc.nat(10), fc.nat(10), (code, a, b) => {
      fc.pre(code[a] !== code[b]);
      const letters = Array.from(code);
      [letters[a], letters[b]] = [letters[b]!, letters[a]!];
      expect(readCode(letters.join(''))).toBeNull();
    }),
  );
});

const CODE = `10ABC-DEF10-${checkCharacter('10ABCDEF10')}`;

test('typed as people type it: small letters, spaces, dashes, O for 0, I and L for 1', () => {
  fc.assert(
    fc.property(
      whole,
      fc.array(fc.constantFrom('', ' ', '-', '.'), { minLength: 10, maxLength: 10 }),
      (code, gaps) => {
        const typed = Array.from(code)
          .map((letter, at) => letter + (gaps[at] ?? ''))
          .join('');
        expect(readCode(typed.toLowerCase())?.replaceAll('-', '')).toBe(code);
      },
    ),
  );
  expect(readCode(CODE.replace('10ABC', 'IOABC'))).toBe(CODE);
  expect(readCode(CODE.replace('10ABC', 'lo abc'))).toBe(CODE);
});

test.each(['', 'ABC', '0123456789', 'UUUUU-UUUUU-U', 'xin chào các bác', '001085012345'])(
  '%p is no code',
  (typed) => {
    expect(readCode(typed)).toBeNull();
  },
);

test('a code is found inside a sentence, words are not taken for one', () => {
  const bare = CODE.replaceAll('-', '');
  expect(codeIn(`hồ sơ ${CODE.toLowerCase()} của tôi đến đâu rồi`)).toBe(CODE);
  expect(codeIn(`mã ${bare}, cảm ơn`)).toBe(CODE);
  expect(codeIn(`${bare.slice(0, 10)} ${bare.slice(10)}`)).toBe(CODE);
  expect(codeIn('tôi muốn đăng ký khai sinh cho con vào ngày 12 tháng 3')).toBeNull();
  expect(codeIn('số căn cước 001085012345')).toBeNull();
});

test.each([
  ['4 số cuối là 1234', '1234'],
  ['1 2 3 4', '1234'],
  ['0912 345 678', '5678'],
  ['001085012345', '2345'],
  [`${CODE} 7890`, '7890'],
  ['1234 hay 5678', null],
  ['không nhớ', null],
  ['123', null],
])('last four digits of %p: %p', (text, digits) => {
  expect(lastFourIn(text)).toBe(digits);
});
