/** How a kind's table of cases is written and run. */
import type { AnswerValue, Commune, Problem, World } from '../../../src/flow/types';
import { kindOf } from '../../../src/flow/kinds';

export const FEWEST = 12;

const commune = (code: string, name: string, provinceCode: string, provinceName: string): Commune => ({
  code,
  name,
  provinceCode,
  provinceName,
});
export const BA_DINH = commune('00004', 'Phường Ba Đình', '01', 'Thành phố Hà Nội');
export const TAN_BINH_HCM = commune('26968', 'Phường Tân Bình', '79', 'Thành phố Hồ Chí Minh');
export const TAN_BINH_DN = commune('26206', 'Xã Tân Bình', '75', 'Tỉnh Đồng Nai');
const COMMUNES = [BA_DINH, TAN_BINH_HCM, TAN_BINH_DN];
/** As many as a table could hold under one name. */
const MANY = Array.from({ length: 12 }, (_, n) =>
  commune(String(10000 + n), `Xã Tân Lập ${n}`, '01', 'Tỉnh A'),
);

const words = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .match(/[a-z0-9]+/g) ?? [];

/** A finder as small as the rules allow: a commune's own name must stand whole in what was typed. */
function findCommunes(typed: string): readonly Commune[] {
  const said = ` ${words(typed).join(' ')} `;
  if (said.includes(' tan lap ')) return MANY;
  const named = COMMUNES.filter(({ name }) => said.includes(` ${words(name).slice(1).join(' ')} `));
  const within = named.filter(({ provinceName }) =>
    said.includes(` ${words(provinceName).slice(-2).join(' ')} `),
  );
  return within.length > 0 ? within : named;
}

export const world: World = {
  today: '2026-11-22',
  findCommunes,
  agency: { id: 'a1', name: 'UBND Phường Ba Đình', receives: true, demo: false },
};

interface Refusal {
  readonly problem: Problem;
  readonly choices?: readonly AnswerValue[];
  readonly suggest?: AnswerValue;
  readonly params?: object;
}

export class Refused {
  constructor(readonly reading: Refusal) {}
}

export const no = (problem: Problem, params?: object): Refused =>
  new Refused({ problem, ...(params && { params }) });
export const confirm = (suggest: AnswerValue): Refused => new Refused({ problem: 'confirm', suggest });
export const either = (...choices: AnswerValue[]): Refused => new Refused({ problem: 'ambiguous', choices });

/** Typed words, the value or the refusal expected, options when they matter. */
export type Case = readonly [string, AnswerValue | Refused, object?];

/** One test per case: reads, and what is read passes `accepts` and is plain JSON. */
export function readsAs(name: string, cases: readonly Case[], { at = world }: { at?: World } = {}): void {
  const kind = kindOf(name);

  test.each(cases.map(([typed, expected, options = {}]) => ({ typed, expected, options })))(
    '$typed $options',
    ({ typed, expected, options }) => {
      const parsed = kind.options.parse(options);
      const reading = kind.read(typed, parsed, at);
      if (expected instanceof Refused) {
        expect(reading).toMatchObject({
          ok: false,
          ...expected.reading,
          ...(expected.reading.choices && { choices: expected.reading.choices.map((value) => ({ value })) }),
        });
        return;
      }
      expect(reading).toEqual({ ok: true, value: expected });
      expect(kind.accepts(expected, parsed, at)).toBe(true);
    },
  );

  test('has enough cases to be trusted', () => expect(cases.length).toBeGreaterThanOrEqual(FEWEST));
}

/** Stored values that must not pass. */
export function rejects(
  name: string,
  values: readonly (readonly [AnswerValue, object?])[],
  at: World = world,
): void {
  const kind = kindOf(name);
  test.each(values.map(([value, options = {}]) => ({ value, options })))(
    'never accepts $value $options',
    (row) => {
      expect(kind.accepts(row.value, kind.options.parse(row.options), at)).toBe(false);
    },
  );
}
